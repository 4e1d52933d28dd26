// The way to a channel of one's own, step by step. A step is ticked where the core can tell that
// it is done, and says so where nobody has looked yet.

import { Accordion } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ChannelCheck, Settings } from "../../bindings";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import { guideOf, hasToken, type Known } from "./guideSteps";

const GuideSteps = onDemand(async () => (await import("./GuideSteps")).GuideSteps);

/** Without a token the guide is the first thing to do: it is open from the start. */
const isOpenAtOnce = (values: Settings, practice: boolean) => !hasToken(values) && !practice;

/**
 * Whether the page may be drawn: where the guide is open from the start its steps are read first, or
 * they would push down what stands below. Once drawn the page stays, whatever is saved.
 */
export function useGuideRead(values: Settings | undefined, practice: boolean): boolean {
  const [isReady, note] = useState(false);
  const isAsked = !isReady && values !== undefined && isOpenAtOnce(values, practice);
  if (!isReady && values && !isAsked) note(true);
  useEffect(() => {
    if (isAsked) GuideSteps.preload().then(() => note(true));
  }, [isAsked]);
  return isReady;
}

type Props = { values: Settings; practice: boolean; found: ChannelCheck | undefined };

export function Guide({ values, practice, found }: Props) {
  const { t } = useWords();
  const known = guideOf(values, practice, found);
  const count = (which: Known) => known.filter((one) => one === which).length;
  const so = { done: count("done"), all: known.length, unknown: count("unknown") };
  const [opened, setOpened] = useState<string | null>(isOpenAtOnce(values, practice) ? "guide" : null);
  const [isRead, noteRead] = useState(false);
  if (opened && !isRead) noteRead(true);
  // It unfolds as high as its steps are: they are there before.
  const open = (part: string | null) => GuideSteps.preload().then(() => setOpened(part));
  return (
    <Accordion variant="contained" value={opened} onChange={open}>
      <Accordion.Item value="guide">
        <Accordion.Control>
          {so.unknown > 0
            ? t("Connect step by step ({done} of {all} done, {unknown} not looked at yet)", so)
            : t("Connect step by step ({done} of {all} done)", so)}
        </Accordion.Control>
        <Accordion.Panel>
          {isRead && (
            <Awaited>
              <GuideSteps known={known} practice={practice} />
            </Awaited>
          )}
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
