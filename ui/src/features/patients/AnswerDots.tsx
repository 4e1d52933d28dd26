// Questions as dots, each of which leads to its row of the timeline. Where every button stands for a
// number, the answers stand as high as they are: pain that goes up is seen.

import { Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconClockX,
  IconMinus,
  IconX,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { CSSProperties } from "react";
import { useClinic } from "../../components/clinic";
import { Tip } from "../../components/Tip";
import { useWords } from "../../i18n/useWords";
import type { Reply } from "../../labels";
import { dateTime, number } from "../../lib/format";
import { type Asked, numberOf, type Scale, scaleOf, useSaysReply } from "./asked";
import { goToRow } from "./Row";

/** As many as are looked through at a glance. */
const MAX_DOTS = 42;

/** The questions of a plan, the oldest first: those on a scale each by itself, and then the others. */
export function Dots({ title, asked }: { title: string; asked: Asked[] }) {
  const { t } = useWords();
  const scales = new Map<string, { scale: Scale; asked: Asked[] }>();
  const others: Asked[] = [];
  for (const one of asked) {
    const scale = scaleOf(one);
    if (!scale) others.push(one);
    else {
      const { stepId } = one.message;
      scales.set(stepId, { scale, asked: [...(scales.get(stepId)?.asked ?? []), one] });
    }
  }
  return (
    <>
      {[...scales].map(([step, ofStep]) => (
        <OnScale key={step} {...ofStep} />
      ))}
      {others.length > 0 && scales.size > 0 && <Text size="sm">{t("Other questions")}</Text>}
      {others.length > 0 && <Row title={title} asked={others} />}
    </>
  );
}

/** One question after the other, each answer as high as it is on the scale. */
function OnScale({ scale, asked }: { scale: Scale; asked: Asked[] }) {
  const { t } = useWords();
  const question = asked.at(-1)?.message.feedback?.question ?? "";
  return (
    <>
      <Text size="sm">
        {t("“{question}”: {least} at the bottom, {most} at the top, the oldest first", {
          question,
          ...scale,
        })}
      </Text>
      <Row title={`“${question}”`} asked={asked} scale={scale} />
    </>
  );
}

type Shown = { title: string; asked: Asked[]; scale?: Scale };

function Row({ title, asked, scale }: Shown) {
  const { t, locale } = useWords();
  const shown = asked.slice(-MAX_DOTS);
  return (
    <>
      <ul
        className={scale ? "dots on-scale" : "dots"}
        aria-label={t("Answers to {plan}, the oldest first", { plan: title })}
      >
        {shown.map((one) => (
          <li key={one.message.id} style={scale && levelOf(one, scale)}>
            <Dot asked={one} scale={scale} />
          </li>
        ))}
      </ul>
      {asked.length > shown.length && (
        <Text size="xs" c="dimmed">
          {t("The latest {n} of {all}; the table has all of them.", {
            n: number(shown.length, locale),
            all: number(asked.length, locale),
          })}
        </Text>
      )}
    </>
  );
}

/** How high an answer stands, 0 to 1; what is no answer stands at the bottom. */
function levelOf(asked: Asked, { least, most }: Scale): CSSProperties {
  const level = ((numberOf(asked) ?? least) - least) / (most - least);
  return { "--level": level } as CSSProperties;
}

function Dot({ asked, scale }: { asked: Asked; scale?: Scale }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const says = useSaysReply();
  const { id, acceptedAt, dueAt } = asked.message;
  const time = dateTime(acceptedAt ?? dueAt, locale, timeZone);
  const name = t("{time}: {what}", { time, what: says(asked) });
  return (
    <Tip label={name} maw={260}>
      <Link
        to="/patients/$id"
        params={{ id: asked.message.patientId }}
        search={(was) => ({ ...was, row: id })}
        resetScroll={false}
        // Where the address names the row already, following the link changes nothing: go there by hand.
        onClick={() => goToRow(id)}
        className="dot-link"
        aria-label={name}
      >
        <Mark reply={asked.reply} value={scale && numberOf(asked)} />
      </Link>
    </Tip>
  );
}

const ICONS: Record<Reply, TablerIcon> = {
  well: IconCheck,
  worrying: IconAlertTriangle,
  later: IconClock,
  skipped: IconMinus,
  missed: IconClockX,
  failed: IconX,
  open: IconCircleDashed,
};

/** Told apart by its sign or, where that is a number, by its form; the colour is only added. */
export function Mark({ reply, value }: { reply: Reply; value?: number | null }) {
  const Icon = ICONS[reply];
  return (
    <span className={`dot ${reply}`} data-number={value == null ? undefined : ""} aria-hidden>
      {value ?? <Icon size={14} stroke={2.5} />}
    </span>
  );
}
