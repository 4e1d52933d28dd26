// How the parts of a bar are told apart: by a colour, and by a pattern for those who see no colour.

import type { ReactElement } from "react";
import "./marks.css";

const MARKS = {
  good: <rect width={8} height={8} className="mark-good" />,
  open: (
    <>
      <rect width={8} height={8} className="mark-open" />
      <circle cx={4} cy={4} r={1.6} className="mark-open-ink" />
    </>
  ),
  later: (
    <>
      <rect width={8} height={8} className="mark-later" />
      <rect width={8} height={2} className="mark-paper" />
    </>
  ),
  skipped: (
    <>
      <rect width={8} height={8} className="mark-skipped" />
      <rect width={2} height={8} className="mark-paper" />
    </>
  ),
  missed: (
    <>
      <rect width={8} height={8} className="mark-missed" />
      <path d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6" className="mark-paper-line" />
    </>
  ),
  bad: (
    <>
      <rect width={8} height={8} className="mark-bad" />
      <path d="M0 0 L8 8 M8 0 L0 8" className="mark-paper-line" />
    </>
  ),
} satisfies Record<string, ReactElement>;

export type Mark = keyof typeof MARKS;

/** What fills a bar with it, while `Marks` is on the page. */
export const fillOf = (mark: Mark) => `url(#mark-${mark})`;

/** The patterns themselves; once on a page. */
export function Marks() {
  return (
    <svg width={0} height={0} aria-hidden style={{ position: "absolute" }}>
      <defs>
        {Object.entries(MARKS).map(([mark, drawn]) => (
          <pattern key={mark} id={`mark-${mark}`} width={8} height={8} patternUnits="userSpaceOnUse">
            {drawn}
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

export function Swatch({ mark }: { mark: Mark }) {
  return (
    <svg width={16} height={16} aria-hidden style={{ flexShrink: 0 }}>
      <rect width={16} height={16} rx={3} fill={fillOf(mark)} />
    </svg>
  );
}
