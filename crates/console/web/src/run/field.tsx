// One field of the form with its label, its help, and what is wrong with it.
import { FormGroup, FormHelperText, HelperText, HelperTextItem } from "@patternfly/react-core";
import type { ReactNode } from "react";

interface Props {
  id: string;
  label: string;
  help?: ReactNode;
  wrong?: string | undefined;
  children: ReactNode;
}

export function Field({ id, label, help, wrong, children }: Props) {
  return (
    <FormGroup label={label} fieldId={id}>
      {children}
      {(help !== undefined || wrong) && (
        <FormHelperText>
          <HelperText id={`${id}-help`}>
            <HelperTextItem variant={wrong ? "error" : "default"}>{wrong ?? help}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
