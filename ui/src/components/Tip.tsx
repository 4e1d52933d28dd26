// What a thing is or does, in a few words beside it, while the pointer or the keyboard is on it.
// Mantine's own places it with a library as large as the frame's other parts together.

import {
  cloneElement,
  type FocusEvent,
  type HTMLAttributes,
  type MouseEvent,
  type ReactElement,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";

const GAP = 6;

type Target = HTMLAttributes<Element>;

type TipProps = {
  label: string;
  /** How wide it may become, in several lines; else it has one. */
  maw?: number;
  children: ReactElement<Target>;
};

export function Tip({ label, maw, children }: TipProps) {
  const [target, setTarget] = useState<Element | null>(null);
  const id = useId();
  const own = children.props;
  const close = () => setTarget(null);
  const described = [own["aria-describedby"], target && id].filter(Boolean).join(" ") || undefined;
  const child = cloneElement(children, {
    "aria-describedby": described,
    onMouseEnter: (event: MouseEvent<Element>) => {
      own.onMouseEnter?.(event);
      setTarget(event.currentTarget);
    },
    onMouseLeave: (event: MouseEvent<Element>) => {
      own.onMouseLeave?.(event);
      close();
    },
    onFocus: (event: FocusEvent<Element>) => {
      own.onFocus?.(event);
      // Whoever clicked knows what it is.
      if (event.currentTarget.matches(":focus-visible")) setTarget(event.currentTarget);
    },
    onBlur: (event: FocusEvent<Element>) => {
      own.onBlur?.(event);
      close();
    },
  });
  return (
    <>
      {child}
      {target && <Shown id={id} label={label} maw={maw} target={target} close={close} />}
    </>
  );
}

type ShownProps = Omit<TipProps, "children"> & { id: string; target: Element; close: () => void };

function Shown({ id, label, maw, target, close }: ShownProps) {
  const box = useRef<HTMLDivElement>(null);
  // Each time it is drawn: the words may have changed, and their width.
  useLayoutEffect(() => {
    if (box.current) place(box.current, target.getBoundingClientRect());
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && close();
    // A button that is disabled by its own click is never told that pointer or focus left it.
    const onElsewhere = ({ type, target: at }: Event) => {
      const stays = type === "mouseover" && target.matches(":focus-visible:not(:disabled)");
      if (!stays && !(at instanceof Node && target.contains(at))) close();
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("scroll", close, true);
    document.addEventListener("mouseover", onElsewhere);
    document.addEventListener("focusin", onElsewhere);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("scroll", close, true);
      document.removeEventListener("mouseover", onElsewhere);
      document.removeEventListener("focusin", onElsewhere);
    };
  });
  const style = maw ? { maxWidth: maw, whiteSpace: "normal" as const } : undefined;
  return createPortal(
    <div ref={box} id={id} role="tooltip" className="tip" style={style}>
      {label}
    </div>,
    document.body,
  );
}

/** Above, or below where there is no room, and never over the edge. */
function place(box: HTMLElement, at: DOMRect) {
  const { width, height } = box.getBoundingClientRect();
  const above = at.top - height - GAP;
  const left = at.left + (at.width - width) / 2;
  const most = document.documentElement.clientWidth - width - GAP;
  box.style.top = `${above < GAP ? at.bottom + GAP : above}px`;
  box.style.left = `${Math.max(GAP, Math.min(left, most))}px`;
}
