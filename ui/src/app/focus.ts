// Keeps the focus in sight: what had it may go by its own act (a message removed, a line settled, a
// dialog closed), and a browser then leaves the keyboard at the beginning of the page.

import { useEffect } from "react";
import { isArriving } from "./arrival";

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

/** A button that helps with the field it stands in: whoever is at work there goes on in the field. */
const ASIDE = "[data-aside]";

/** Where the focus is: what it is in, inside out, and what came before and after it. */
type Spot = {
  element: Element;
  around: Element[];
  before: Element[];
  after: Element[];
  layer: Element | null;
};

/** The dialog, menu or notice around an element. The place that dialogs are drawn in does not count: it
 *  is on the page before and after them. */
const layerOf = (element: Element) =>
  element.closest("[role='dialog'], [data-portal], .mantine-Notifications-root");

function spotOf(element: Element): Spot {
  const around: Element[] = [];
  // Everything is inside the body, so it says nothing about what is near.
  for (let one = element.parentElement; one && one !== document.body; one = one.parentElement)
    around.push(one);
  const all = [...document.querySelectorAll(FOCUSABLE)];
  const at = all.indexOf(element);
  return {
    element,
    around,
    before: all.slice(0, Math.max(at, 0)).reverse(),
    after: all.slice(at + 1),
    layer: layerOf(element),
  };
}

const isThere = (element: Element) =>
  element.isConnected && element.matches(FOCUSABLE) && (element.checkVisibility?.() ?? true);

/** What is next to it in the smallest part of the page that is still there. */
function nextTo({ element, around, before, after }: Spot): Element | undefined {
  // What makes a disabled button usable again stands before it: a field, a checkbox.
  const [first, second] = element.isConnected ? [before, after] : [after, before];
  for (const part of around.filter((one) => one.isConnected)) {
    const within = (one: Element) => part.contains(one) && isThere(one) && !one.matches(ASIDE);
    const next = first.find(within) ?? second.find(within) ?? part.querySelector(FOCUSABLE);
    if (next && isThere(next)) return next;
  }
  return undefined;
}

/** The heading of the page, where nothing else is left. */
function heading(): Element | null {
  const title = document.querySelector("main h1");
  title?.setAttribute("tabindex", "-1");
  return title;
}

/** Longer than a dialog takes to give the focus back to what opened it. */
const SETTLED_MS = 50;

export function useFocusKept() {
  useEffect(() => {
    let last: Spot | null = null;
    /** Where the focus was before it went into a dialog, a menu or a notice. */
    let below: Spot | null = null;
    let timer: number | undefined;
    const remember = ({ target }: FocusEvent) => {
      if (!(target instanceof Element) || target === document.body) return;
      if (last && !last.layer && layerOf(target)) below = last;
      last = spotOf(target);
    };
    // A click on nothing means that the reader wants the focus nowhere.
    const forget = () => {
      last = null;
    };
    const mend = () => {
      const isLost = document.activeElement === document.body || document.activeElement === null;
      // A button that is loading comes back and keeps the focus; one that its own act disabled does not.
      if (
        !last ||
        !isLost ||
        isArriving() ||
        (last.element.isConnected && last.element.matches("[data-loading]:disabled"))
      )
        return;
      const spot = last.layer && !last.layer.isConnected && below ? below : last;
      const next = isThere(spot.element) ? spot.element : (nextTo(spot) ?? heading());
      if (next instanceof HTMLElement) next.focus();
    };
    const changes = new MutationObserver(() => {
      // Browsers take the focus from a disabled element only a moment later.
      if (!last) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(mend, SETTLED_MS);
    });
    changes.observe(document.body, {
      childList: true,
      subtree: true,
      attributeFilter: ["disabled", "data-loading"],
    });
    document.addEventListener("focusin", remember);
    document.addEventListener("pointerdown", forget);
    return () => {
      window.clearTimeout(timer);
      changes.disconnect();
      document.removeEventListener("focusin", remember);
      document.removeEventListener("pointerdown", forget);
    };
  }, []);
}
