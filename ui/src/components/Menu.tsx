// Acts behind a button. Mantine's own menu brings a library that places it and three that trap the
// focus: a tenth of all that a start reads. This one is a popover of the browser, above everything
// and still in its place of the page, so that a reader of the screen finds it there.

import {
  cloneElement,
  createContext,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

const GAP = 4;

type Target = {
  id?: string;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
  onClick?: (event: MouseEvent<HTMLElement>) => void;
};

type MenuProps = {
  /** The button that opens it. */
  target: ReactElement<Target>;
  /** Told when it opens: what it needs may be asked for then. */
  onOpen?: () => void;
  children: ReactNode;
};

const Closing = createContext(() => {});

export function Menu({ target, onOpen, children }: MenuProps) {
  const [button, setButton] = useState<HTMLElement | null>(null);
  const id = useId();
  const close = () => {
    setButton(null);
    button?.focus({ preventScroll: true });
  };
  const opener = cloneElement(target, {
    id,
    "aria-haspopup": "menu",
    "aria-expanded": button !== null,
    onClick: ({ currentTarget }) => {
      if (button) return close();
      onOpen?.();
      setButton(currentTarget);
    },
  });
  return (
    <>
      {opener}
      {button && (
        <Closing value={close}>
          <Shown button={button} labelledBy={id} close={close} leave={() => setButton(null)}>
            {children}
          </Shown>
        </Closing>
      )}
    </>
  );
}

type ShownProps = {
  button: HTMLElement;
  labelledBy: string;
  /** Closes it and goes back to the button. */
  close: () => void;
  /** Closes it where the reader is elsewhere already. */
  leave: () => void;
  children: ReactNode;
};

/** A browser without popovers draws the menu at its place in the page, where others may cover it. */
const HAS_POPOVERS = "showPopover" in HTMLElement.prototype;

const itemsOf = (box: Element) => [...box.querySelectorAll<HTMLElement>("[role=menuitem]")];

function Shown({ button, labelledBy, close, leave, children }: ShownProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (HAS_POPOVERS) box.current?.showPopover();
  }, []);
  // Each time it is drawn: what it offers may have come just now.
  useLayoutEffect(() => {
    if (!box.current) return;
    place(box.current, button.getBoundingClientRect());
    if (!box.current.contains(document.activeElement))
      (itemsOf(box.current)[0] ?? box.current).focus({ preventScroll: true });
  });
  useEffect(() => {
    const onElsewhere = ({ target: at }: Event) => {
      const isHere = at instanceof Node && (box.current?.contains(at) || button.contains(at));
      if (!isHere) leave();
    };
    document.addEventListener("pointerdown", onElsewhere);
    document.addEventListener("focusin", onElsewhere);
    document.addEventListener("scroll", onElsewhere, true);
    window.addEventListener("resize", leave);
    return () => {
      document.removeEventListener("pointerdown", onElsewhere);
      document.removeEventListener("focusin", onElsewhere);
      document.removeEventListener("scroll", onElsewhere, true);
      window.removeEventListener("resize", leave);
    };
  });
  return (
    <div
      ref={box}
      popover={HAS_POPOVERS ? "manual" : undefined}
      role="menu"
      className="menu"
      aria-labelledby={labelledBy}
      tabIndex={-1}
      // A dialog around it stays open when Escape closes it.
      data-mantine-stop-propagation
      onKeyDown={(event) => onKey(event, close)}
    >
      {children}
    </div>
  );
}

/** Arrows, Home and End go round; Escape and Tab lead back to the button. */
function onKey(event: KeyboardEvent<HTMLElement>, close: () => void) {
  const items = itemsOf(event.currentTarget);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: Math.max(at, 0) - 1, Home: 0, End: -1 }[event.key];
  event.stopPropagation();
  if (event.key === "Escape" || event.key === "Tab") close();
  if (event.key === "Escape" || to !== undefined) event.preventDefault();
  if (to !== undefined) items.at(to % items.length)?.focus();
}

/** Below the button, or above it where there is no room, and never over the edge. */
function place(box: HTMLElement, at: DOMRect) {
  const { width, height } = box.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const below =
    at.bottom + GAP + height > clientHeight && at.top > height ? at.top - GAP - height : at.bottom + GAP;
  const left = at.left + width > clientWidth - GAP ? at.right - width : at.left;
  box.style.top = `${below}px`;
  box.style.left = `${Math.max(GAP, left)}px`;
}

type ItemProps = { onClick: () => void; isGrave?: boolean; children: ReactNode };

/** One act; `isGrave` where it cannot be taken back. */
export function MenuItem({ onClick, isGrave = false, children }: ItemProps) {
  const close = useContext(Closing);
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      data-grave={isGrave || undefined}
      data-mantine-stop-propagation
      onClick={() => {
        close();
        onClick();
      }}
    >
      {children}
    </button>
  );
}
