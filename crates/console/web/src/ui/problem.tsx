// A part of the page that could not be had: what failed, and a button to try again.
import { Alert, AlertActionLink } from "@patternfly/react-core";

import { sentence } from "../api/error";

interface Props {
  what: string;
  error: unknown;
  onRetry: () => void;
}

export function Problem({ what, error, onRetry }: Props) {
  return (
    <Alert
      isInline
      variant="danger"
      component="p"
      title={what}
      actionLinks={<AlertActionLink onClick={onRetry}>Try again</AlertActionLink>}
    >
      {sentence(error)}
    </Alert>
  );
}
