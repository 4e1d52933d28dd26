// A day of 24 hours as a ring: the quiet hours are hatched, and both their ends are dragged or
// moved by the arrow keys. The fields beside it do the same by typing.

import { type KeyboardEvent, type PointerEvent, useId, useRef } from "react";
import { useWords } from "../../i18n/useWords";
import { duration } from "../../lib/format";
import { MINUTE_MS } from "../../lib/units";
import { clockOf, DAY, quietLength } from "./quiet";
import "./quiet.css";

const SIZE = 260;
const MIDDLE = SIZE / 2;
const RADIUS = 88;
/** Dragging goes by quarters of an hour; an arrow key, too. With Shift it goes by minutes. */
const STEP = 15;
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21];

/** Midnight is on top, noon at the bottom, and the hours go round as on a clock. */
function pointAt(minute: number, radius: number): { x: number; y: number } {
  const angle = (minute / DAY) * 2 * Math.PI;
  return { x: MIDDLE + radius * Math.sin(angle), y: MIDDLE - radius * Math.cos(angle) };
}

function arcOf(start: number, end: number): string {
  const [from, to] = [pointAt(start, RADIUS), pointAt(end, RADIUS)];
  const isLarge = quietLength(start, end) > DAY / 2 ? 1 : 0;
  return `M ${from.x} ${from.y} A ${RADIUS} ${RADIUS} 0 ${isLarge} 1 ${to.x} ${to.y}`;
}

type Props = {
  start: number;
  end: number;
  onStart: (clock: string) => void;
  onEnd: (clock: string) => void;
};

export function QuietRing({ start, end, onStart, onEnd }: Props) {
  const { t, locale } = useWords();
  const svg = useRef<SVGSVGElement>(null);
  const hatch = useId();
  const length = quietLength(start, end);
  // Both ends at one place would be no quiet at all: one stops before the other.
  const setStart = (minute: number) => clockOf(minute) !== clockOf(end) && onStart(clockOf(minute));
  const setEnd = (minute: number) => clockOf(minute) !== clockOf(start) && onEnd(clockOf(minute));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset
    <svg
      ref={svg}
      className="ring"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="group"
      aria-label={t("Quiet hours on a clock of 24 hours")}
    >
      <defs>
        <pattern id={hatch} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="ring-quiet-ground" width="8" height="8" />
          <rect className="ring-quiet-line" width="3" height="8" />
        </pattern>
      </defs>
      <circle className="ring-open" cx={MIDDLE} cy={MIDDLE} r={RADIUS} />
      {length > 0 && <path className="ring-quiet" d={arcOf(start, end)} stroke={`url(#${hatch})`} />}
      <Hours />
      <text className="ring-words" x={MIDDLE} y={MIDDLE - 6} aria-hidden>
        ☾ {t("quiet")}
      </text>
      <text className="ring-length" x={MIDDLE} y={MIDDLE + 18} aria-hidden>
        {duration(length * MINUTE_MS, locale)}
      </text>
      <Handle svg={svg} label={t("Quiet from")} minute={start} onMove={setStart} />
      <Handle svg={svg} label={t("Quiet until")} minute={end} onMove={setEnd} />
    </svg>
  );
}

function Hours() {
  return (
    <g aria-hidden>
      {HOURS.map((hour) => {
        const [inner, outer] = [pointAt(hour * 60, RADIUS - 13), pointAt(hour * 60, RADIUS + 13)];
        const label = pointAt(hour * 60, RADIUS + 29);
        return (
          <g key={hour}>
            <line className="ring-tick" x1={inner.x} y1={inner.y} x2={outer.x} y2={outer.y} />
            <text className="ring-hour" x={label.x} y={label.y}>
              {hour}
            </text>
          </g>
        );
      })}
    </g>
  );
}

type HandleProps = {
  svg: { current: SVGSVGElement | null };
  label: string;
  minute: number;
  onMove: (minute: number) => void;
};

/** One end of the quiet hours. */
function Handle({ svg, label, minute, onMove }: HandleProps) {
  const { x, y } = pointAt(minute, RADIUS);
  const drag = ({ currentTarget, pointerId, clientX, clientY }: PointerEvent<SVGGElement>) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box || !currentTarget.hasPointerCapture(pointerId)) return;
    const [dx, dy] = [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
    const turn = Math.atan2(dx, -dy) / (2 * Math.PI);
    onMove(Math.round((turn * DAY) / STEP) * STEP);
  };
  const press = (event: KeyboardEvent) => {
    const by = event.shiftKey ? 1 : STEP;
    const moved: Partial<Record<string, number>> = {
      ArrowRight: minute + by,
      ArrowUp: minute + by,
      ArrowLeft: minute - by,
      ArrowDown: minute - by,
      PageUp: minute + 60,
      PageDown: minute - 60,
      Home: 0,
      End: DAY - STEP,
    };
    const to = moved[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onMove(to);
  };
  return (
    <g
      className="ring-handle"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={DAY - 1}
      aria-valuenow={minute}
      aria-valuetext={clockOf(minute)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    >
      {/* A thumb needs more than what is seen. */}
      <circle className="ring-reach" cx={x} cy={y} r={24} />
      <circle className="ring-knob" cx={x} cy={y} r={13} />
    </g>
  );
}
