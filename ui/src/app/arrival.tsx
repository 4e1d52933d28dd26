// Where the keyboard is on a page that was just opened: at its heading, so that a reader of the
// screen says it and Tab goes on from there; and the way past the menu.

import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { useWords } from "../i18n/useWords";

/** Longer than a page takes to come. */
const PATIENCE_MS = 10_000;

const heading = () => document.querySelector<HTMLElement>("main h1");

function focusHeading() {
  const title = heading();
  title?.setAttribute("tabindex", "-1");
  title?.focus({ preventScroll: true });
}

let arriving = false;

/** Whether a page that was just opened is still to come: nothing stands beside what had the focus. */
export const isArriving = () => arriving;

export function useFocusOnArrival() {
  const router = useRouter();
  useEffect(() => {
    let timer: number | undefined;
    const leave = () => {
      window.clearInterval(timer);
      arriving = false;
    };
    const arrive = () => {
      leave();
      const until = Date.now() + PATIENCE_MS;
      const look = () => {
        // A dialog that closes gives the focus back first.
        if (heading() && !document.querySelector("[role='dialog']")) {
          leave();
          // What the address leads to, or a field that was asked for, has it already.
          if (!document.activeElement?.closest("main")) focusHeading();
        } else if (Date.now() > until) leave();
      };
      arriving = true;
      timer = window.setInterval(look, 50);
    };
    const unsubscribe = router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
      if (fromLocation && pathChanged) arrive();
    });
    // A key or click before the page has come is the reader going on: the focus is theirs then.
    document.addEventListener("keydown", leave);
    document.addEventListener("pointerdown", leave);
    return () => {
      leave();
      unsubscribe();
      document.removeEventListener("keydown", leave);
      document.removeEventListener("pointerdown", leave);
    };
  }, [router]);
}

/** The first thing Tab reaches, in sight only then. */
export function SkipLink() {
  const { t } = useWords();
  return (
    // biome-ignore lint/a11y/useValidAnchor: it leads somewhere on the page
    <a
      href="#content"
      className="skip"
      onClick={(event) => {
        // What stands after the # is the window's own address.
        event.preventDefault();
        focusHeading();
      }}
    >
      {t("Skip to the content")}
    </a>
  );
}
