// A notice with a way back, for what can be undone: no question beforehand. It is there for ten
// seconds, and for as long as it has the focus or the pointer.

import { Button, Group } from "@mantine/core";
import { notifications, notificationsStore } from "@mantine/notifications";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useWords } from "../i18n/useWords";
import { isKey, isWriting } from "../lib/keys";

export const STAYS_MS = 10_000;

/** More would cover the menu they stand at. */
export const MAX_NOTICES = 3;

let shown = 0;

/** Where there is no room the oldest goes: a way back that waits unseen would be none. */
function makeRoom() {
  const { notifications: there, queue } = notificationsStore.getState();
  const all = [...there, ...queue];
  for (const { id } of all.slice(0, Math.max(0, all.length - MAX_NOTICES + 1)))
    if (id) notifications.hide(id);
}

/**
 * Shows a notice that hides itself by `useHiding`; `content` knows how. What is returned takes it
 * away and says whether it was there still.
 */
export function showNotice(color: string, content: (hide: () => void) => ReactNode): () => boolean {
  shown += 1;
  const id = `notice ${shown}`;
  const hide = () => notifications.hide(id);
  makeRoom();
  notifications.show({ id, color, autoClose: false, role: "status", message: content(hide) });
  return () => {
    const { notifications: there, queue } = notificationsStore.getState();
    hide();
    return [...there, ...queue].some((one) => one.id === id);
  };
}

/** Says what was done; `back` takes it back. What is returned takes the notice away. */
export const showUndo = (text: string, back: () => void) => {
  let isUndone = false;
  return showNotice("teal", (hide) => (
    <Done
      text={text}
      hide={hide}
      back={() => {
        // The notice takes a moment to leave, and hears the key until then.
        if (!isUndone) back();
        isUndone = true;
        hide();
      }}
    />
  ));
};

function Done({ text, back, hide }: { text: string; back: () => void; hide: () => void }) {
  const mark = useHiding(STAYS_MS, hide);
  return (
    <Group justify="space-between" gap="xs" ref={mark}>
      {text}
      <Undo back={back} />
    </Group>
  );
}

/** The way back as a button, and by Ctrl+Z. */
export function Undo({ back, isPending }: { back: () => void; isPending?: boolean }) {
  const { t } = useWords();
  // While it is under way the key is still meant for it, and not for an older act.
  useUndoKey(() => {
    if (!isPending) back();
  });
  return (
    <Button
      size="xs"
      variant="light"
      aria-keyshortcuts="Control+Z Meta+Z"
      title={t("Undo (Ctrl+Z)")}
      loading={isPending}
      onClick={back}
    >
      {t("Undo")}
    </Button>
  );
}

/**
 * Hides the notice around the mark after so long, never while it has the focus or the pointer; null
 * while it is to stay.
 */
export function useHiding(afterMs: number | null, hide: () => void) {
  const mark = useRef<HTMLDivElement>(null);
  const [isHeld, setHeld] = useState(false);
  const latest = useRef(hide);
  latest.current = hide;
  useEffect(() => {
    const notice = mark.current?.closest("[role=status]");
    if (!(notice instanceof HTMLElement)) return;
    const by = { pointer: false, focus: false };
    const note = (what: keyof typeof by, is: boolean) => () => {
      by[what] = is;
      setHeld(by.pointer || by.focus);
    };
    const heard: [string, () => void][] = [
      ["pointerenter", note("pointer", true)],
      ["pointerleave", note("pointer", false)],
      ["focusin", note("focus", true)],
      ["focusout", note("focus", false)],
    ];
    for (const [type, hear] of heard) notice.addEventListener(type, hear);
    return () => {
      for (const [type, hear] of heard) notice.removeEventListener(type, hear);
    };
  }, []);
  useEffect(() => {
    if (afterMs === null || isHeld) return;
    const timer = setTimeout(() => latest.current(), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs, isHeld]);
  return mark;
}

/** The ways back that are offered, the latest last. */
const offered: { current: () => void }[] = [];

/** What was typed into since the latest offer: there the key takes back the typing. */
let typedInto: EventTarget | null = null;

const noteTyping = ({ target }: Event) => {
  // A choice that is made is no typing: no key takes it back.
  if (isWriting(target)) typedInto = target;
};

const isUndoKey = (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && isKey(event, "z", "KeyZ");

function hearKey(event: KeyboardEvent) {
  const latest = offered.at(-1);
  if (!latest || event.isComposing || event.repeat || !isUndoKey(event)) return;
  if (typedInto !== null && typedInto === event.target) return;
  event.preventDefault();
  latest.current();
}

/** Offers a way back by the key, for as long as it is offered at all. */
export function useUndoKey(back: () => void, isOffered = true) {
  const latest = useRef(back);
  latest.current = back;
  useEffect(() => {
    if (!isOffered) return;
    typedInto = null;
    offered.push(latest);
    if (offered.length === 1) {
      document.addEventListener("keydown", hearKey);
      document.addEventListener("input", noteTyping, true);
    }
    return () => {
      offered.splice(offered.indexOf(latest), 1);
      if (offered.length > 0) return;
      document.removeEventListener("keydown", hearKey);
      document.removeEventListener("input", noteTyping, true);
    };
  }, [isOffered]);
}
