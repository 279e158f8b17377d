// The mark of raas: two masters, one place to look.

export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden focusable="false">
      <rect width="32" height="32" rx="7" className="logo__ground" />
      <g className="logo__line">
        <path d="M9 10.5 16 22M23 10.5 16 22M9 10.5h14" />
      </g>
      <g className="logo__dot">
        <circle cx="9" cy="10.5" r="3.4" />
        <circle cx="23" cy="10.5" r="3.4" />
        <circle cx="16" cy="22" r="3.4" />
      </g>
    </svg>
  );
}
