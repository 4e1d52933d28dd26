// Going to the practice clinic beside the real one, and back.

import { Button, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconDoorExit, IconSchool } from "@tabler/icons-react";
import { commands } from "../bindings";
import { useClinic } from "../components/clinic";
import { May } from "../components/may";
import { useSayRefused } from "../components/sayRefused";
import { useWords } from "../i18n/useWords";
import { useAct } from "../lib/live";
import { fromHere, goTo, reachesOtherPorts } from "../lib/practise";
import { inWindow } from "../lib/transport";

/**
 * Whether somebody went to practise from this browser, and has not put away since how the real
 * clinic differs. The practice clinic is at another port and cannot tell.
 */
export const usePractised = () =>
  useLocalStorage({ key: "clinicue.practised", defaultValue: false, getInitialValueInEffect: false });

/** Opens the practice clinic: a window of its own beside the program's, or in place of this page. */
export function usePractise() {
  const { t, locale } = useWords();
  const [, setPractised] = usePractised();
  const open = useAct(async () => {
    const link = new URL(fromHere((await commands.openPractice({})).link));
    link.searchParams.set("lang", locale);
    setPractised(true);
    if (inWindow) await commands.showPractice({ link: link.href, title: t("Practice clinic") });
    else goTo(link.href);
  });
  // It is asked for from places that are gone by the time it is refused.
  const onError = useSayRefused();
  return { practise: () => open.mutate(undefined, { onError }), isPending: open.isPending };
}

/** Whether there is a practice clinic to open from here. */
export function useCanPractise(): boolean {
  const { status } = useClinic();
  return status?.practice === false && reachesOtherPorts();
}

export function PractiseButton() {
  const { t } = useWords();
  const { status } = useClinic();
  const canPractise = useCanPractise();
  const { practise, isPending } = usePractise();
  if (status?.practice !== false) return null;
  if (!canPractise)
    return (
      <Text size="sm" c="dimmed">
        {t(
          "To practise, open Clinicue on the computer that it runs on: from here the practice clinic cannot be reached.",
        )}
      </Text>
    );
  return (
    <May ask="open_practice">
      <Button
        variant="light"
        leftSection={<IconSchool size={18} aria-hidden />}
        loading={isPending}
        onClick={practise}
      >
        {t("Open the practice clinic")}
      </Button>
    </May>
  );
}

/** The way back, in a practice clinic that was opened beside the real one. */
export function BackToReal() {
  const { t } = useWords();
  const { status } = useClinic();
  if (!status?.practiceHome) return null;
  return (
    <Button
      component="a"
      href={fromHere(status.practiceHome)}
      size="xs"
      variant="default"
      leftSection={<IconDoorExit size={16} aria-hidden />}
    >
      {t("Back to the real clinic")}
    </Button>
  );
}
