// What can be done from everywhere, for those who may.

import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import {
  IconClipboardPlus,
  IconDeviceMobile,
  IconDoorExit,
  IconEyeOff,
  IconKeyboard,
  IconLanguage,
  IconMoon,
  IconPlayerPause,
  IconPlayerPlay,
  IconSchool,
  IconSun,
  IconUserPlus,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useClinic } from "../../components/clinic";
import { useMay } from "../../components/may";
import { chooseLocale, type Label, LOCALES, nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { namesOf } from "../../labels";
import { fromHere, goTo } from "../../lib/practise";
import type { Operation } from "../../lib/roles";
import type { PauseAll } from "../../shared/pauseAll";
import { useCanPractise, usePractise } from "../../shared/practise";
import { type Found, type Kind, matches } from "./found";

/** What the frame itself does. */
export type Frame = {
  togglePhone: () => void;
  hide: () => void;
  showKeys: () => void;
  /** Outlives the search, so that a refusal is said. */
  pauseAll: PauseAll;
};

type Act = { label: Label; ask?: Operation; when?: boolean } & Pick<Found, "Icon" | "run">;

export function useActs(typed: string, frame: Frame, addPatient: () => void): Kind {
  const { t } = useWords();
  const isAllowed = useMay();
  const acts = useAll(frame, addPatient)
    .filter(({ ask, when = true }) => when && (!ask || isAllowed(ask)))
    .filter(({ label }) => matches(typed, t(label), label))
    .map(({ label, Icon, run }): Found => ({ id: label.toLowerCase(), label: t(label), Icon, run }));
  const languages = namesOf(LOCALES)
    .filter((one) => typed !== "" && matches(typed, t("Language"), "Language", LOCALES[one], one))
    .map((one) => ({
      id: `language ${one}`,
      label: t("Language: {name}", { name: nameOfLocale(one) }),
      Icon: IconLanguage,
      run: () => void chooseLocale(one),
    }));
  return { name: t("What can be done"), found: [...acts, ...languages] };
}

function useAll(frame: Frame, addPatient: () => void): Act[] {
  const navigate = useNavigate();
  const { status } = useClinic();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  const { paused, ask, act } = frame.pauseAll;
  const home = status?.practiceHome;
  const canPractise = useCanPractise();
  const { practise } = usePractise();
  const pause: Act = { label: "Pause all sending", ask, Icon: IconPlayerPause, run: act };
  return [
    { label: "Add patient", ask: "create_patient", Icon: IconUserPlus, run: addPatient },
    {
      label: "New care plan",
      ask: "create_protocol",
      Icon: IconClipboardPlus,
      run: () => navigate({ to: "/plans/new" }),
    },
    paused ? { ...pause, label: "Send again", Icon: IconPlayerPlay } : pause,
    {
      label: "Show or close the practice phone",
      when: status?.practice ?? false,
      ask: "phones",
      Icon: IconDeviceMobile,
      run: frame.togglePhone,
    },
    {
      label: "Open the practice clinic",
      when: canPractise,
      ask: "open_practice",
      Icon: IconSchool,
      run: practise,
    },
    {
      label: "Back to the real clinic",
      when: !!home,
      Icon: IconDoorExit,
      run: () => home && goTo(fromHere(home)),
    },
    isDark
      ? { label: "Light colours", Icon: IconSun, run: () => setColorScheme("light") }
      : { label: "Dark colours", Icon: IconMoon, run: () => setColorScheme("dark") },
    { label: "Hide what is known of patients", Icon: IconEyeOff, run: frame.hide },
    { label: "Keys and privacy", Icon: IconKeyboard, run: frame.showKeys },
  ];
}
