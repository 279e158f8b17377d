// Before the first master: the line to run there.
import { EmptyState, EmptyStateBody } from "@patternfly/react-core";
import ServerIcon from "@patternfly/react-icons/dist/esm/icons/server-icon";

import { Command } from "../ui/command";

export function NoMasters() {
  const install = `raas-plugin install --server ${location.origin} --cluster-id eu-web --failover`;
  return (
    <EmptyState titleText="No masters yet" headingLevel="h2" icon={ServerIcon} className="no-masters">
      <EmptyStateBody>
        <p>On each Salt master, with the raas-plugin binary in place, run:</p>
        <Command text={install} label="Install the plugin" />
        <Command text="systemctl restart salt-master" label="Restart the master" />
        <p>
          The master then appears here as pending, with the fingerprint of its key. Leave out <code>--failover</code> for a
          hot-hot cluster, and <code>--cluster-id</code> too for a master alone.
        </p>
      </EmptyStateBody>
    </EmptyState>
  );
}
