// Sketches of where to look, not of how it looks: the words beside them say all, so nothing of
// them is read aloud.

import type { ReactNode } from "react";

function Sketch({ children }: { children: ReactNode }) {
  return (
    <svg className="sketch" viewBox="0 0 150 96" aria-hidden>
      {children}
    </svg>
  );
}

/** A window with its bar. */
function Frame() {
  return (
    <>
      <rect className="line" x="8" y="8" width="134" height="80" rx="5" />
      <line className="line" x1="8" y1="20" x2="142" y2="20" />
      <circle className="soft" cx="15" cy="14" r="2.5" />
      <circle className="soft" cx="23" cy="14" r="2.5" />
    </>
  );
}

export function Console() {
  return (
    <Sketch>
      <Frame />
      <rect className="soft" x="32" y="11" width="70" height="6" rx="3" />
      <rect className="soft" x="16" y="28" width="40" height="6" rx="2" />
      <rect className="line" x="16" y="42" width="52" height="36" rx="4" />
      <circle className="mark" cx="42" cy="55" r="7" />
      <rect className="soft" x="26" y="67" width="32" height="4" rx="2" />
      <rect className="ring-around" x="12" y="38" width="60" height="44" rx="6" />
      <rect className="line" x="80" y="42" width="52" height="36" rx="4" />
    </Sketch>
  );
}

export function Channel() {
  return (
    <Sketch>
      <Frame />
      <rect className="line" x="18" y="30" width="52" height="46" rx="4" />
      <path className="mark" d="M41 43h6v8h8v6h-8v8h-6v-8h-8v-6h8z" />
      <rect className="ring-around" x="14" y="26" width="60" height="54" rx="6" />
      <rect className="soft" x="84" y="34" width="46" height="5" rx="2" />
      <rect className="soft" x="84" y="46" width="38" height="5" rx="2" />
      <rect className="soft" x="84" y="58" width="42" height="5" rx="2" />
    </Sketch>
  );
}

export function Secrets() {
  return (
    <Sketch>
      <Frame />
      <rect className="soft" x="16" y="26" width="34" height="6" rx="2" />
      <rect className="line" x="54" y="26" width="34" height="6" rx="2" />
      <rect className="line" x="16" y="42" width="80" height="12" rx="3" />
      <text x="22" y="51">
        ••••••••••
      </text>
      <rect className="line" x="16" y="64" width="80" height="12" rx="3" />
      <text x="22" y="73">
        ••••••••••
      </text>
      <rect className="mark" x="104" y="42" width="24" height="12" rx="3" />
      <rect className="mark" x="104" y="64" width="24" height="12" rx="3" />
      <rect className="ring-around" x="100" y="38" width="32" height="42" rx="6" />
    </Sketch>
  );
}

export function Webhook() {
  return (
    <Sketch>
      <Frame />
      <rect className="line" x="16" y="32" width="112" height="14" rx="3" />
      <text x="21" y="42">
        https://…/webhook
      </text>
      <rect className="ring-around" x="12" y="28" width="120" height="22" rx="5" />
      <rect className="soft" x="16" y="64" width="48" height="6" rx="2" />
      <rect className="mark" x="74" y="60" width="28" height="14" rx="7" />
      <circle cx="95" cy="67" r="5" fill="var(--mantine-color-body)" />
    </Sketch>
  );
}

export function TestCall() {
  return (
    <Sketch>
      <rect className="line" x="10" y="24" width="50" height="44" rx="4" />
      <rect className="soft" x="18" y="34" width="34" height="5" rx="2" />
      <rect className="soft" x="18" y="46" width="24" height="5" rx="2" />
      <rect className="line" x="104" y="12" width="36" height="72" rx="6" />
      <rect className="mark" x="109" y="28" width="22" height="12" rx="5" />
      <path className="ring-around" d="M62 40h36" />
      <path className="mark" d="M96 34l8 6-8 6z" />
      <path className="ring-around" d="M102 62H66" />
      <path className="mark" d="M68 56l-8 6 8 6z" />
    </Sketch>
  );
}
