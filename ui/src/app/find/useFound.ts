// What the core knows by a name: patients with what can be done for them, care plans, screens.

import { useDebouncedValue } from "@mantine/hooks";
import { IconListCheck, IconMessagePlus, IconTemplate, IconUser } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { PatientSummary } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { useMay } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { PROTOCOL_STATUSES } from "../../labels";
import { useListPatientsPages } from "../../queries";
import { useAllProtocols } from "../../shared/choices";
import { screens } from "../screens";
import { type Found, type Kind, matches } from "./found";

const MAX_PATIENTS = 8;
/** Few enough to list for each what can be done. */
const FEW = 3;

/** Patients as the core finds them: by name, reading, number, or digits of the telephone. */
export function usePatientsFound(typed: string) {
  const { t } = useWords();
  const isAllowed = useMay();
  const navigate = useNavigate();
  const [search] = useDebouncedValue(typed, 150);
  const enabled = search !== "" && typed !== "" && isAllowed("list_patients");
  const list = useListPatientsPages({ search, limit: MAX_PATIENTS }, { keep: true, enabled });
  const rows = (enabled && list.data?.rows.slice(0, MAX_PATIENTS)) || [];
  const open = (patient: PatientSummary, part?: string) => {
    navigate({ to: "/patients/$id", params: { id: patient.id } });
    if (part) goToField(part);
  };
  const actsOf = (patient: PatientSummary): Found[] => {
    const name = patient.displayName;
    const acts: Found[] = [];
    if (isAllowed("send_message"))
      acts.push({
        id: `write ${patient.id}`,
        label: t("Write a message to {name}", { name }),
        Icon: IconMessagePlus,
        run: () => open(patient, "write"),
      });
    if (isAllowed("create_assignment"))
      acts.push({
        id: `follow ${patient.id}`,
        label: t("Start a follow-up for {name}", { name }),
        Icon: IconListCheck,
        run: () => open(patient, "follow-ups"),
      });
    return acts;
  };
  const found = rows.flatMap((patient) => [
    {
      id: patient.id,
      label: patient.displayName,
      hint: [patient.externalRef, patient.reading, patient.phone].filter(Boolean).join(" · "),
      lang: patient.locale ?? undefined,
      Icon: IconUser,
      run: () => open(patient),
    },
    ...(rows.length <= FEW ? actsOf(patient) : []),
  ]);
  const kind: Kind = { name: t("Patients"), found };
  const pending =
    isAllowed("list_patients") &&
    typed !== "" &&
    (typed !== search || list.isPlaceholderData || list.isLoading);
  return { kind, pending, more: enabled && list.hasNextPage, error: enabled ? list.error : null };
}

/** Longer than a page of a patient takes to come. */
const PATIENCE_MS = 10_000;

/** Goes to the first field of a part of the page, once the page has it. */
function goToField(part: string) {
  const field = () => document.querySelector<HTMLElement>(`#${part} :is(textarea, select)`);
  const until = Date.now() + PATIENCE_MS;
  const look = () => {
    const there = field();
    // The dialog gives the focus back first.
    if (there && !document.querySelector("[role='dialog']")) {
      there.focus();
      there.scrollIntoView?.({ block: "center" });
    } else if (Date.now() < until) setTimeout(look, 100);
  };
  setTimeout(look, 100);
}

export function usePlansFound(typed: string): Kind {
  const { t } = useWords();
  const navigate = useNavigate();
  const plans = useAllProtocols().data?.rows ?? [];
  const found = plans
    .filter((plan) => typed !== "" && matches(typed, plan.name))
    .slice(0, MAX_PATIENTS)
    .map((plan) => ({
      id: plan.id,
      label: plan.name,
      hint: t(PROTOCOL_STATUSES[plan.status].label),
      Icon: IconTemplate,
      run: () => navigate({ to: "/plans/$id", params: { id: plan.id } }),
    }));
  return { name: t("Care plans"), found };
}

export function useScreensFound(typed: string): Kind {
  const { t } = useWords();
  const isAllowed = useMay();
  const navigate = useNavigate();
  const { status } = useClinic();
  const found = screens.flatMap(({ fullPath, options }) => {
    const shown = options.staticData?.screen;
    if (!shown?.Icon || !isAllowed(shown.ask) || (shown.practice && !status?.practice)) return [];
    const label = t(shown.label);
    if (!matches(typed, label, shown.label)) return [];
    return [{ id: fullPath, label, Icon: shown.Icon, run: () => navigate({ to: fullPath }) }];
  });
  return { name: t("Screens"), found };
}
