// Choosing several of a list: by checkbox, a range with Shift, or all that are shown (Ctrl+A).

import { Button, Checkbox, CloseButton, Group, Text } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { useWords } from "../i18n/useWords";
import { isSelectAll } from "../lib/keys";
import { BusyButton } from "./busy";

export type Selection = {
  /** Those of the list that are chosen, in its order. */
  selected: string[];
  all: string[];
  has: (id: string) => boolean;
  toggle: (id: string, range: boolean) => void;
  setAll: (to: boolean) => void;
  /** These and no others. */
  choose: (ids: string[]) => void;
};

/** What has left the list is chosen no more. */
export function useSelection(all: string[]): Selection {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const toggle = (id: string, range: boolean) => {
    const from = range && last.current ? all.indexOf(last.current) : -1;
    const to = all.indexOf(id);
    const meant = from < 0 ? [id] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
    const isChosen = !chosen.has(id);
    last.current = id;
    choose((was) => {
      const next = new Set(was);
      for (const one of meant) isChosen ? next.add(one) : next.delete(one);
      return next;
    });
  };
  return {
    selected: all.filter((id) => chosen.has(id)),
    all,
    has: (id) => chosen.has(id),
    toggle,
    setAll: (to) => choose(new Set(to ? all : [])),
    choose: (ids) => choose(new Set(ids)),
  };
}

/** The checkbox of a row. */
export function SelectOne({ id, name, selection }: { id: string; name: string; selection: Selection }) {
  const { t } = useWords();
  return (
    <Checkbox
      size="md"
      className="select-one"
      aria-label={t("Select {name}", { name })}
      checked={selection.has(id)}
      onChange={({ nativeEvent }) =>
        selection.toggle(id, "shiftKey" in nativeEvent && nativeEvent.shiftKey === true)
      }
    />
  );
}

/** Whether Ctrl+A means this list: of several, the one in the section that has the focus. */
const isMeant = (own: Element, focus: Element | null) => {
  const lists = [...document.querySelectorAll(".select-all")];
  const near = lists.find((one) => one.closest("section, main")?.contains(focus));
  return (near ?? lists[0])?.contains(own) ?? false;
};

/** Ctrl+A chooses all that are shown; in a field it stays the field's own. */
function useCtrlA(own: RefObject<HTMLElement | null>, choose: () => void) {
  const latest = useRef(choose);
  latest.current = choose;
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (!isSelectAll(event) || !own.current || !isMeant(own.current, document.activeElement)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [own]);
}

/** The checkbox over a list. */
export function SelectAll({ selection: { selected, all, setAll } }: { selection: Selection }) {
  const { t } = useWords();
  const own = useRef<HTMLInputElement>(null);
  useCtrlA(own, () => setAll(true));
  if (all.length < 2) return null;
  return (
    <Checkbox
      ref={own}
      size="md"
      className="select-all"
      label={t("Select all {n} shown", { n: all.length })}
      checked={selected.length === all.length}
      indeterminate={selected.length > 0 && selected.length < all.length}
      onChange={(event) => setAll(event.currentTarget.checked)}
    />
  );
}

/** What may be done with those that are chosen; it stays in sight while the list moves. */
export function SelectionBar({
  selection,
  said,
  children,
}: {
  selection: Selection;
  /** How many are selected, where they are more than the list shows. */
  said?: string;
  children: ReactNode;
}) {
  const { t } = useWords();
  const n = selection.selected.length;
  if (n === 0) return null;
  const words = said ?? t("{n} selected", { n });
  return (
    <Group gap="xs" className="selection-bar" role="group" aria-label={words}>
      <Text size="sm" fw={600} role="status">
        {words}
      </Text>
      <CloseButton aria-label={t("Select none")} onClick={() => selection.setAll(false)} />
      {children}
    </Group>
  );
}

/** What is done with those that are chosen; `n` is how many it is done to. */
export type ActOnMany = { label: string; n: number; onClick: () => unknown };

/** The acts as buttons; on a phone, where they would cover the list, only when they are asked for. */
export function ActsOnMany({ acts }: { acts: ActOnMany[] }) {
  const { t } = useWords();
  const isNarrow = useMediaQuery("(max-width: 48em)");
  const [isOpen, { toggle }] = useDisclosure();
  const offered = acts.filter(({ n }) => n > 0);
  if (offered.length === 0) return <Text size="sm">{t("Nothing can be done with these together.")}</Text>;
  const isFolded = isNarrow && offered.length > 1;
  return (
    <>
      {isFolded && (
        <Button
          size="xs"
          variant="default"
          aria-expanded={isOpen}
          rightSection={<IconChevronDown size={16} aria-hidden />}
          onClick={toggle}
        >
          {t("What to do…")}
        </Button>
      )}
      {(!isFolded || isOpen) &&
        offered.map(({ label, onClick }, place) => (
          <BusyButton
            key={label}
            size="xs"
            fullWidth={isFolded}
            variant={place === 0 ? "filled" : "default"}
            onClick={onClick}
          >
            {label}
          </BusyButton>
        ))}
    </>
  );
}
