// "As API / As CLI": the exact call that Run makes.
import { ExpandableSection } from "@patternfly/react-core";

import { Command } from "../ui/command";
import { asApi, asCli, type Request } from "./request";

export function CallPreview({ request }: { request: Request }) {
  return (
    <ExpandableSection toggleText="As CLI / As API" isIndented>
      <p className="quiet">On the command line</p>
      <Command text={asCli(request)} label="The call on the command line" />
      <p className="quiet">Over HTTP, with a token from POST /account/login</p>
      <Command text={asApi(request, location.origin)} label="The call over HTTP" />
    </ExpandableSection>
  );
}
