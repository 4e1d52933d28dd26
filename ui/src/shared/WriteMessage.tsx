// A message to one patient that belongs to no plan: words, a picture or video, a template.

import { Button, Checkbox, Group, Stack } from "@mantine/core";
import { useState } from "react";
import type { FieldProblem, Patient, PatientWords } from "../bindings";
import { Problem } from "../components/kit";
import { type Wrong, wrongIn } from "../components/wrong";
import type { Label, Tell, Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import type { SendTime } from "../labels";
import { Added, AsRead, ToAdd, useDraft } from "./draft";
import { LastSent, useObstacle, WillWait } from "./obstacle";
import { QuickReplyForm } from "./QuickReplyForm";
import { useSend } from "./sending";
import { TextWithVariables } from "./variables";
import { useWhen, WhenToSend } from "./WhenToSend";

const SEND_LABELS: Record<SendTime, Label> = {
  now: "Send now",
  later: "Send later",
  repeating: "Start repeating",
};

/**
 * The form alone. As a reply it is short, and may quote what the patient said last; what a template
 * brings to be tapped is shown all the same.
 */
export function MessageForm({
  patient,
  said,
  isReply = false,
}: {
  patient: Patient;
  said?: PatientWords;
  isReply?: boolean;
}) {
  const { t, tell } = useWords();
  const draft = useDraft(patient.id);
  const { text, quickReplies } = draft;
  const [isUploading, setUploading] = useState(false);
  const quote = useQuote(said);
  const when = useWhen();
  const obstacle = useObstacle(patient, when.way === "repeating" ? "repeating" : when.at);
  const send = useSend(patient, obstacle, () => {
    const backs = [quote.take(), when.take()];
    const back = draft.take();
    return () => {
      for (const one of backs) one();
      return back();
    };
  });
  const { schedule } = when;
  return (
    <Stack gap="sm" data-at-work>
      <TextWithVariables
        place="message"
        aria-label={t("Message")}
        placeholder={isReply ? t("Write a message") : undefined}
        autosize
        minRows={2}
        value={text}
        onChange={draft.setText}
      />
      <AsRead text={text} patient={patient} />
      {quote.choice}
      <Added draft={draft} patient={patient} />
      {(!isReply || quickReplies.length > 0) && (
        <QuickReplyForm place="message" replies={quickReplies} onChange={draft.setQuickReplies} />
      )}
      {!isReply && <WhenToSend when={when} patient={patient} />}
      <WillWait obstacle={obstacle} />
      <Group justify="space-between">
        <ToAdd draft={draft} onBusy={setUploading} />
        <Button
          disabled={!draft.isSendable || isUploading || !when.isReady}
          loading={send.isPending}
          onClick={() => send.mutate({ ...draft.push(quote.token), ...(schedule && { schedule }) })}
        >
          {t(SEND_LABELS[when.way])}
        </Button>
      </Group>
      {send.data && <LastSent id={send.data.message.id} />}
      <Problem error={send.error} wrong={wrongInMessage(send.error?.problem.errors, t, tell)} />
    </Stack>
  );
}

/** Whether what is sent quotes what was said, where that can be quoted. */
function useQuote(said: PatientWords | undefined) {
  const { t } = useWords();
  const [isChosen, choose] = useState(false);
  const token = said?.unsentAt ? null : (said?.quoteToken ?? null);
  return {
    token: isChosen ? token : null,
    /** Leaves it out from now on; gives the way back. */
    take: () => {
      choose(false);
      return () => choose(isChosen);
    },
    choice: token && (
      <Checkbox
        size="md"
        label={t("Quote what they said last")}
        checked={isChosen}
        onChange={(event) => choose(event.currentTarget.checked)}
      />
    ),
  };
}

/** What is wrong with what was written, by what goes first, second and so on. */
function wrongInMessage(errors: FieldProblem[] | undefined, t: Translate, tell: Tell): Wrong[] {
  const placeOf = (field: string) => {
    const further = /^furtherMessages\[(\d+)\]/.exec(field)?.[1];
    if (further !== undefined) return t("message {n}", { n: Number(further) + 2 });
    if (field.startsWith("content")) return t("message {n}", { n: 1 });
    return field.startsWith("quickReplies") ? t("Quick replies") : field;
  };
  return wrongIn(errors, (field) => ({ field, place: placeOf(field) }), t, tell);
}
