// An address that the console does not have.
import { EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { Link } from "react-router";

import { useTitle } from "../ui/title";

export function NotFound() {
  useTitle("Not found");
  return (
    <EmptyState titleText="There is no such page" headingLevel="h1">
      <EmptyStateBody>
        <Link to="/">To the clusters</Link>
      </EmptyStateBody>
    </EmptyState>
  );
}
