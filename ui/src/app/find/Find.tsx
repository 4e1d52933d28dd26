// One search for everything: patients and what can be done for them, care plans, screens, acts.

import { Modal, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { LIMITS } from "../../bindings";
import { Loading, Problem } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import type { Found, Kind } from "./found";
import { type Frame, useActs } from "./useActs";
import { usePatientsFound, usePlansFound, useScreensFound } from "./useFound";

const AddPatient = onDemand(async () => (await import("../../features/patients/PatientForm")).AddPatient);

export function Find({ close, frame }: { close: () => void; frame: Frame }) {
  const { t } = useWords();
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();
  const added = (id: string) => {
    close();
    navigate({ to: "/patients/$id", params: { id } });
  };
  return (
    <Modal
      opened
      onClose={close}
      closeButtonProps={{ "aria-label": t("Close") }}
      title={adding ? t("Add patient") : t("Search everything")}
      yOffset="8vh"
    >
      {adding ? (
        <Awaited waiting={<Loading rows={6} />}>
          <AtItsField>
            <AddPatient onAdded={added} />
          </AtItsField>
        </Awaited>
      ) : (
        <Search close={close} frame={frame} addPatient={() => setAdding(true)} />
      )}
    </Modal>
  );
}

/** The dialog is open already, so that nothing but this puts the keyboard into its new content. */
function AtItsField({ children }: { children: ReactNode }) {
  const own = useRef<HTMLDivElement>(null);
  useEffect(() => own.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus(), []);
  return <div ref={own}>{children}</div>;
}

function Search({ close, frame, addPatient }: { close: () => void; frame: Frame; addPatient: () => void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState("");
  const patients = usePatientsFound(typed.trim());
  const plans = usePlansFound(typed.trim());
  const kinds = [
    patients.kind,
    plans,
    useScreensFound(typed.trim()),
    useActs(typed.trim(), frame, addPatient),
  ];
  const shown = kinds.filter((kind) => kind.found.length > 0);
  const list = useList(
    shown.flatMap((kind) => kind.found),
    patients.pending,
    close,
  );
  return (
    <Stack gap="xs">
      <TextInput
        data-autofocus
        leftSection={<IconSearch size={18} aria-hidden />}
        aria-label={t("What you look for")}
        placeholder={t("Patient, HN, telephone, care plan, screen")}
        maxLength={LIMITS.ListPatients.search.maxLength}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          list.choose(null);
        }}
        onKeyDown={list.onKeyDown}
        role="combobox"
        aria-expanded
        aria-controls="found"
        aria-activedescendant={list.chosen && `found ${list.chosen.id}`.replaceAll(" ", "-")}
        autoComplete="off"
      />
      <Problem error={patients.error} />
      <Rows kinds={shown} list={list} />
      <Text size="sm" c="dimmed" role="status">
        {said()}
      </Text>
    </Stack>
  );

  function said() {
    if (patients.pending) return t("Searching…");
    if (shown.length === 0) return t("Nothing is found for “{search}”.", { search: typed.trim() });
    if (patients.more) return t("More patients match: type more of the name.");
    return (
      <VisuallyHidden>{t("{n, plural, one {# match} other {# matches}}", { n: list.length })}</VisuallyHidden>
    );
  }
}

type List = ReturnType<typeof useList>;

/** Which row is chosen, by arrow keys or pointer; Enter waits for what is still searched. */
function useList(found: Found[], pending: boolean, close: () => void) {
  const [id, choose] = useState<string | null>(null);
  const waits = useRef(false);
  const at = Math.max(
    found.findIndex((one) => one.id === id),
    0,
  );
  const chosen = found[at];
  const run = (one: Found) => {
    // What is done next may be another dialog.
    if (one.id !== "add patient") close();
    one.run();
  };
  useEffect(() => {
    if (pending || !waits.current) return;
    waits.current = false;
    if (chosen) run(chosen);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      choose(found.at((at + by) % found.length)?.id ?? null);
    } else if (event.key === "Enter") {
      event.preventDefault();
      // The first row may be another one in a moment.
      if (pending && id === null) waits.current = true;
      else if (chosen) run(chosen);
    }
  };
  return { chosen, choose, run, onKeyDown, length: found.length };
}

function Rows({ kinds, list }: { kinds: Kind[]; list: List }) {
  const { t } = useWords();
  return (
    <div id="found" role="listbox" aria-label={t("What is found")} className="found" tabIndex={-1}>
      {kinds.map((kind) => (
        // biome-ignore lint/a11y/useSemanticElements: options of a list are in groups, fields in fieldsets
        <div key={kind.name} role="group" aria-label={kind.name}>
          <Text size="sm" fw={600} c="dimmed" aria-hidden pt="xs" pb={2}>
            {kind.name}
          </Text>
          {kind.found.map((one) => (
            <Row key={one.id} found={one} list={list} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Row({ found, list }: { found: Found; list: List }) {
  const { id, label, hint, lang, Icon } = found;
  const isChosen = list.chosen?.id === id;
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView?.({ block: "nearest" });
  }, [isChosen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above
    <div
      ref={row}
      id={`found ${id}`.replaceAll(" ", "-")}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      className="found-row"
      onClick={() => list.run(found)}
      onPointerMove={() => list.choose(id)}
    >
      <Icon size={18} aria-hidden />
      <span lang={lang}>{label}</span>
      {hint && <Text span size="sm" c="dimmed">{` ${hint}`}</Text>}
    </div>
  );
}
