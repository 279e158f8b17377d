// Accept or reject a master's key: says what follows, and sends exactly the key that was shown.
import { Alert, Button, Content, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { sentence } from "../api/error";
import { decide } from "../api/keys";
import type { MasterKey } from "../api/types";
import { KIND } from "../words/kind";
import { Fingerprint } from "./fingerprint";

export interface Decision {
  key: MasterKey;
  action: "accept" | "reject";
}

interface Props {
  decision: Decision;
  /** With the server's sentence when it was done. */
  onClose: (message: string | null) => void;
}

export function DecideDialog({ decision: { key, action }, onClose }: Props) {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: () => decide(key, action),
    onSuccess: async (message) => {
      await client.invalidateQueries({ queryKey: ["fleet"] });
      onClose(message);
    },
  });
  const verb = action === "accept" ? "Accept" : "Reject";
  return (
    <Modal isOpen variant="small" onClose={() => onClose(null)} aria-labelledby="decide-title" aria-describedby="decide-body">
      <ModalHeader title={`${verb} master ${key.master_id}?`} labelId="decide-title" />
      <ModalBody id="decide-body">
        {action === "accept" ? <Accepting masterKey={key} /> : <Rejecting masterKey={key} />}
        <Fingerprint hex={key.fingerprint} />
        {act.error && <Alert isInline variant="danger" component="p" title={sentence(act.error)} />}
      </ModalBody>
      <ModalFooter>
        <Button variant={action === "accept" ? "primary" : "danger"} isLoading={act.isPending} isDisabled={act.isPending} onClick={() => act.mutate()}>
          {verb} {key.master_id}
        </Button>
        <Button variant="link" onClick={() => onClose(null)}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function Accepting({ masterKey: key }: { masterKey: MasterKey }) {
  return (
    <Content component="p">
      From then on {key.master_id} gets the jobs of{" "}
      {key.cluster_id ? `${key.cluster_id} (${KIND[key.kind].name.toLowerCase()})` : "a single master"} and its reports are
      taken. Compare the fingerprint with what <code>raas-plugin status</code> shows on that master.
    </Content>
  );
}

function Rejecting({ masterKey: key }: { masterKey: MasterKey }) {
  return (
    <Content component="p">
      {key.master_id} gets no jobs and its reports are refused. It can be accepted later with{" "}
      <code>raas masters accept {key.master_id}</code>.
    </Content>
  );
}
