// Notices, where they cover nothing one works on: at the foot of the menu, and where the menu is not
// beside the screen at its foot or its head, whichever is free.

import { Notifications, useNotifications } from "@mantine/notifications";
import { useEffect } from "react";
import { MAX_NOTICES } from "../components/undo";
import { type Box, placeOf } from "./noticePlace";

export function Notices() {
  useClearPlace();
  return <Notifications position="bottom-left" limit={MAX_NOTICES} />;
}

const BARS = ".savebar, .selection-bar, .run";

const boxOf = (element: Element | null | undefined): Box | null => element?.getBoundingClientRect() ?? null;

/** Looks for the place anew whenever something moves, and tells the style sheet. */
function useClearPlace() {
  const { notifications } = useNotifications();
  useEffect(() => {
    if (notifications.length === 0) return;
    let frame = 0;
    const look = () => {
      const root = document.querySelector('.mantine-Notifications-root[data-position="bottom-left"]');
      const focused = document.activeElement === document.body ? null : document.activeElement;
      const isOwn = root?.contains(focused) ?? false;
      const view = window.visualViewport;
      const { side, at } = placeOf({
        height: root?.clientHeight ?? 0,
        top: boxOf(document.querySelector(".mantine-AppShell-header"))?.bottom ?? 0,
        // A keyboard on the screen takes from what is in sight, not from the page.
        bottom: view ? view.offsetTop + view.height : window.innerHeight,
        bars: [...document.querySelectorAll(BARS)].map((bar) => bar.getBoundingClientRect()),
        focused: isOwn ? null : boxOf(focused),
        around: isOwn ? null : boxOf(focused?.closest("[data-at-work]")),
      });
      const { style, dataset } = document.documentElement;
      dataset.notices = side;
      style.setProperty("--notices-at", `${side === "foot" ? window.innerHeight - at : at}px`);
    };
    const soon = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    soon();
    // Once more when they have their full height.
    const timer = setTimeout(soon, 300);
    const heard = ["scroll", "resize", "focusin"];
    for (const type of heard) window.addEventListener(type, soon, { capture: true, passive: true });
    window.visualViewport?.addEventListener("resize", soon);
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      for (const type of heard) window.removeEventListener(type, soon, { capture: true });
      window.visualViewport?.removeEventListener("resize", soon);
    };
  }, [notifications]);
}
