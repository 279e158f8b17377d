// A fingerprint in groups, as people compare it.

export const groups = (hex: string) => hex.match(/.{1,8}/g) ?? [hex];

export function Fingerprint({ hex }: { hex: string }) {
  return (
    <p className="fingerprint">
      <span className="quiet">SHA-256 </span>
      <code>{groups(hex).join(" ")}</code>
    </p>
  );
}
