// What is being written to a patient: words, a picture or video, a template, and what can be tapped
// under it.

import { Button, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import {
  type FurtherMessage,
  LIMITS,
  type MessageTemplate,
  type Patient,
  type QuickReply,
  type Upload,
} from "../bindings";
import { Bubble, gist, messageOf, textOf } from "../components/Bubble";
import type { Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { InsertTemplate } from "./templates";
import { UploadButton } from "./uploads";
import { useExample } from "./variables";

const { maxLength: MAX_TEXT } = LIMITS.TextContent.text;

type Draft = {
  text: string;
  chosen: MessageTemplate | null;
  attached: Attached | null;
  quickReplies: QuickReply[];
};

/** What was taken back for a patient whose page was left meanwhile, until somebody writes to them. */
const kept = new Map<string, Draft>();

/** Boxes in which somebody writes to a patient. */
const boxes = new Map<string, (draft: Draft) => void>();

/** Puts what was taken back into the box it came from, into another for the patient, or aside. */
function useGivingBack(patientId: string, fill: (draft: Draft) => void) {
  const own = useRef<typeof fill | null>(null);
  const latest = useRef(fill);
  latest.current = fill;
  useEffect(() => {
    const box = (draft: Draft) => latest.current(draft);
    own.current = box;
    boxes.set(patientId, box);
    const waiting = kept.get(patientId);
    if (waiting) box(waiting);
    kept.delete(patientId);
    return () => {
      own.current = null;
      if (boxes.get(patientId) === box) boxes.delete(patientId);
    };
  }, [patientId]);
  return (draft: Draft): "box" | "page" => {
    const box = own.current ?? boxes.get(patientId);
    if (box) box(draft);
    else kept.set(patientId, draft);
    return box ? "box" : "page";
  };
}

/** What is being written: words, what goes with them, and what can be tapped under it. */
export function useDraft(patientId = "") {
  const [text, setText] = useState("");
  // A template of more than words is sent as it is; words are inserted, to be written on.
  const [chosen, choose] = useState<MessageTemplate | null>(null);
  const [attached, attach] = useState<Attached | null>(null);
  const [quickReplies, setQuickReplies] = useState<QuickReply[]>([]);
  // What was written meanwhile stays, below it.
  const giveBack = useGivingBack(patientId, (was) => {
    setText((now) => [was.text, now].filter((words) => words !== "").join("\n"));
    choose((now) => now ?? was.chosen);
    attach((now) => now ?? was.attached);
    setQuickReplies((now) => (now.length > 0 ? now : was.quickReplies));
  });
  /** Empties the box; gives the way to fill it again. */
  const take = () => {
    const was = { text, chosen, attached, quickReplies };
    setText("");
    choose(null);
    attach(null);
    setQuickReplies([]);
    return () => giveBack(was);
  };
  const insert = (template: MessageTemplate) => {
    const words = wordsOf(template);
    if (words === null) choose(template);
    else setText(text === "" ? words : `${text}\n${words}`);
    if (template.quickReplies.length > 0) setQuickReplies(template.quickReplies);
  };
  const isSendable = (text.trim() !== "" || !!chosen || !!attached) && text.length <= MAX_TEXT;
  const push = (quoteToken: string | null) => pushOf(text, quoteToken, attached, chosen, quickReplies);
  return {
    text,
    setText,
    chosen,
    choose,
    attached,
    attach,
    quickReplies,
    setQuickReplies,
    take,
    insert,
    isSendable,
    push,
  };
}

type OfDraft = { draft: ReturnType<typeof useDraft> };

/** What goes with the words. */
export function Added({
  draft: { attached, attach, chosen, choose },
  patient,
}: OfDraft & { patient: Patient }) {
  return (
    <>
      {attached && (
        <Shown patient={patient} objects={[attached]} name={attached.name} onRemove={() => attach(null)} />
      )}
      {chosen && (
        <Shown
          patient={patient}
          objects={objectsOf(chosen)}
          name={chosen.name}
          onRemove={() => choose(null)}
        />
      )}
    </>
  );
}

/** What may be added to the words, and how long they are. */
export function ToAdd({ draft, onBusy }: OfDraft & { onBusy: (is: boolean) => void }) {
  const { t } = useWords();
  const { length } = draft.text;
  return (
    <>
      <InsertTemplate onInsert={draft.insert} />
      <UploadButton
        kinds={["picture", "video"]}
        label={t("Add a picture or video")}
        onBusy={onBusy}
        onUploaded={(uploaded, upload) => draft.attach(attachedOf(uploaded, upload, t))}
      />
      <Text size="xs" c={length > MAX_TEXT ? "var(--mantine-color-error)" : "dimmed"}>
        {length} / {MAX_TEXT}
      </Text>
    </>
  );
}

export function AsRead({ text, patient }: { text: string; patient: Patient }) {
  const { t } = useWords();
  const example = useExample(patient);
  if (!text.includes("{{")) return null;
  return (
    <Text size="sm" c="dimmed">
      {t("As the patient reads it: {text}", { text: example(text) })}
    </Text>
  );
}

/** The words of a template that is nothing but words. */
function wordsOf({ messageType, content, furtherMessages }: MessageTemplate): string | null {
  const isWords = messageType === "text" && furtherMessages.length === 0;
  return isWords ? textOf(content, "text") : null;
}

/** A picture or video that goes with the words. */
type Attached = FurtherMessage & { name: string };

function attachedOf(
  at: { url: string; previewUrl: string },
  { kind, fileName }: Upload,
  t: Translate,
): Attached {
  const message: FurtherMessage =
    kind === "video"
      ? { messageType: "video", content: { videoUrl: at.url, previewImageUrl: at.previewUrl } }
      : { messageType: "image", content: { imageUrl: at.url, previewImageUrl: at.previewUrl } };
  return { ...message, name: fileName ?? gist(message.messageType, message.content, t) };
}

/** What goes out: the words, then what was added, then what was chosen. */
function pushOf(
  text: string,
  quoteToken: string | null,
  attached: Attached | null,
  chosen: MessageTemplate | null,
  quickReplies: QuickReply[],
) {
  const bare = ({ messageType, content }: FurtherMessage) => ({ messageType, content });
  const words: FurtherMessage = { messageType: "text", content: { text, ...(quoteToken && { quoteToken }) } };
  const [first = words, ...rest] = [
    ...(text.trim() ? [words] : []),
    ...(attached ? [bare(attached)] : []),
    ...(chosen ? [bare(chosen), ...chosen.furtherMessages] : []),
  ];
  return {
    ...first,
    ...(rest.length > 0 && { furtherMessages: rest }),
    ...(quickReplies.length > 0 && { quickReplies }),
  };
}

const objectsOf = (template: MessageTemplate) => [template, ...template.furtherMessages];

/** What goes with the words, as a phone shows it; it can be left out again. */
function Shown({
  patient,
  objects,
  name,
  onRemove,
}: {
  patient: Patient;
  objects: FurtherMessage[];
  name: string;
  onRemove: () => void;
}) {
  const { t } = useWords();
  const example = useExample(patient);
  return (
    <Stack gap="xs" align="flex-start">
      <div className="phone">
        {objects.map((one, n) => (
          // Objects have no identity but their place.
          <Bubble key={n} message={example(messageOf(one.messageType, one.content))} />
        ))}
      </div>
      <Button size="xs" variant="default" onClick={onRemove}>
        {t("Leave {name} out", { name })}
      </Button>
    </Stack>
  );
}
