// A line to copy.
import { ClipboardCopy } from "@patternfly/react-core";

export function Command({ text, label }: { text: string; label: string }) {
  return (
    <ClipboardCopy isReadOnly isCode hoverTip="Copy" clickTip="Copied" textAriaLabel={label} className="command">
      {text}
    </ClipboardCopy>
  );
}
