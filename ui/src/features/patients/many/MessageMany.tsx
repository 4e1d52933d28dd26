// A message to several patients that belongs to no plan: words, a picture or video, a template.

import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { commands, type PatientSummary, type Schedule } from "../../../bindings";
import { Choice } from "../../../components/Choice";
import { useClinic, useNow } from "../../../components/clinic";
import { GoesOutAt } from "../../../components/GoesOutAt";
import { When } from "../../../components/kit";
import { useWords } from "../../../i18n/useWords";
import type { Batch } from "../../../lib/batch";
import { HOUR_MS } from "../../../lib/units";
import { instantOf, wallOf } from "../../../lib/zones";
import { Added, AsRead, ToAdd, useDraft } from "../../../shared/draft";
import { useObstacleForAll, WillWait } from "../../../shared/obstacle";
import { QuickReplyForm } from "../../../shared/QuickReplyForm";
import { TextWithVariables } from "../../../shared/variables";
import { BackOr, isOut, KeptBack, membersOf, type OfMany } from "./WhoGetsIt";

type Written = ReturnType<ReturnType<typeof useDraft>["push"]>;

/**
 * A message for each. What was sent once under its key is not sent again, however often it is
 * tried; what goes later waits until then, and can be taken back.
 */
function messagesOf(written: Written, at: string | null, meant: PatientSummary[]): Batch {
  const run = `${Date.now()}.${Math.random()}`;
  const schedule: Schedule = at ? { type: "at", at } : { type: "immediate" };
  const made = new Map<string, string>();
  return {
    kind: "message",
    members: membersOf(meant),
    act: async (patientId) => {
      const idempotencyKey = `many ${run} ${patientId}`;
      const { id } = await commands.sendMessage({ ...written, patientId, schedule, idempotencyKey });
      made.set(patientId, id);
    },
    ...(at && {
      back: {
        kind: "letGo",
        act: (patientId: string) => commands.cancelMessage({ id: made.get(patientId) ?? "" }),
      },
    }),
  };
}

export function MessageMany({ chosen, begin, onBack }: OfMany) {
  const { t } = useWords();
  const draft = useDraft();
  const [isUploading, setUploading] = useState(false);
  const time = useTime();
  const meant = chosen.filter((one) => !isOut(one));
  const [reader] = meant;
  return (
    <Stack gap="sm">
      <KeptBack rows={chosen} waits={false} />
      {reader && (
        <>
          <TextWithVariables
            place="message"
            label={t("Message")}
            autosize
            minRows={3}
            value={draft.text}
            onChange={draft.setText}
            data-autofocus
          />
          <AsRead text={draft.text} patient={reader} />
          <Added draft={draft} patient={reader} />
          {draft.quickReplies.length > 0 && (
            <QuickReplyForm place="message" replies={draft.quickReplies} onChange={draft.setQuickReplies} />
          )}
          <Group>
            <ToAdd draft={draft} onBusy={setUploading} />
          </Group>
          {time.field}
          <WhenTheyGo meant={meant} at={time.at} />
        </>
      )}
      <BackOr onBack={onBack}>
        <Button
          disabled={!reader || !draft.isSendable || isUploading || !time.isGood}
          onClick={() => begin(messagesOf(draft.push(null), time.at, meant))}
        >
          {t("Send to {n, plural, one {# patient} other {# patients}}", { n: meant.length })}
        </Button>
      </BackOr>
    </Stack>
  );
}

/** Now, or at an instant to come. */
function useTime() {
  const { t } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const [isLater, setLater] = useState(false);
  const [wall, setWall] = useState("");
  const at = isLater ? instantOf(wall, timeZone) : null;
  const isPast = !!at && Date.parse(at) <= now;
  const choose = (to: "now" | "later") => {
    setLater(to === "later");
    if (!wall) setWall(wallOf(now + HOUR_MS, timeZone));
  };
  return {
    at,
    isGood: !isLater || (!!at && !isPast),
    field: (
      <Stack gap="xs">
        <Choice
          label={t("When it goes out")}
          value={isLater ? "later" : "now"}
          onChange={choose}
          data={[
            { value: "now", label: t("Now") },
            { value: "later", label: t("Later") },
          ]}
        />
        {isLater && (
          <GoesOutAt wall={wall} setWall={setWall} error={isPast ? t("This time has passed.") : undefined} />
        )}
      </Stack>
    ),
  };
}

/** When they go, and which wait first. */
function WhenTheyGo({ meant, at }: { meant: PatientSummary[]; at: string | null }) {
  const { t } = useWords();
  const obstacle = useObstacleForAll();
  // What ends by itself before then keeps none of them.
  const kept = at ? meant.filter(({ obstacle }) => !obstacle?.until || obstacle.until > at) : meant;
  const free = meant.filter((one) => !one.obstacle || !kept.includes(one)).length;
  return (
    <>
      {at ? (
        <Text size="sm" component="div">
          {t("They go out")} <When at={at} />.{" "}
          {t("Where it is quiet hours for the patient then, they go out when those end.")}
        </Text>
      ) : (
        free > 0 &&
        !obstacle && (
          <Text size="sm">
            {t("{n, plural, one {# message goes} other {# messages go}} out now.", { n: free })}
          </Text>
        )
      )}
      <KeptBack rows={kept} waits />
      <WillWait obstacle={obstacle} />
    </>
  );
}
