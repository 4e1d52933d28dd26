// A LINE message as a phone shows it: React elements only, never HTML from data. What differs by
// its type stands in one table, `KINDS`.

import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCalendarEvent, IconPhoto, IconPlayerPlay } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { MessageType } from "../bindings";
import type { Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { SENT_KINDS } from "../labels";
import { Loading } from "./kit";
import { Awaited, onDemand } from "./onDemand";

// Only a practice phone is tapped.
const PickerForm = onDemand(async () => (await import("./PickerForm")).PickerForm);

type Json = unknown;
/** What was chosen with a picker, by LINE's name of it. */
type Params = Record<string, string>;
export type Tap = (data: string, displayText?: string, params?: Params) => void;
/** A video was seen to its end; it is known by LINE's id of it. */
type Watch = (trackingId: string) => void;
type Acts = { onTap?: Tap; onWatch?: Watch };

const field = (value: Json, name: string): Json =>
  typeof value === "object" && value !== null ? (value as Record<string, Json>)[name] : undefined;
/** A text in JSON of LINE's; empty where there is none. */
export const textOf = (value: Json, name: string): string => {
  const found = field(value, name);
  return typeof found === "string" ? found : "";
};
/** A list in JSON of LINE's; empty where there is none. */
export const listOf = (value: Json, name: string): Json[] => {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
};

/** A message object as LINE takes it. */
export function Bubble({
  message,
  from = "clinic",
  ...acts
}: {
  message: Json;
  from?: "clinic" | "patient";
} & Acts) {
  // What a patient sends has no address: LINE gives its bytes to the clinic alone.
  const isBare = from === "patient" && textOf(message, "originalContentUrl") === "";
  const type = textOf(message, "type");
  const said =
    isBare && (type === "image" || type === "video") ? <SentByPatient type={type} /> : partOf(message, acts);
  return <div className={`bubble ${from}`}>{said}</div>;
}

function SentByPatient({ type }: { type: "image" | "video" }) {
  const { t } = useWords();
  const Icon = type === "image" ? IconPhoto : IconPlayerPlay;
  return (
    <Group gap={4} wrap="nowrap">
      <Icon size={16} aria-hidden />
      {gist(type, null, t)}
    </Group>
  );
}

type Kind = {
  /** The content of a step as LINE's message object. */
  messageOf: (content: Json) => object;
  /** The message object as a phone shows it. */
  show: (message: Json, acts: Acts) => ReactNode;
  /** The content in one line; an address says nothing to staff. */
  gist: (content: Json, t: Translate) => string;
};

const KINDS: Record<MessageType, Kind> = {
  text: {
    messageOf: (content) => ({ text: textOf(content, "text") }),
    show: (message) => textOf(message, "text"),
    gist: (content) => textOf(content, "text"),
  },
  image: {
    messageOf: (content) => ({ originalContentUrl: textOf(content, "imageUrl") }),
    show: (message) => <Picture url={textOf(message, "originalContentUrl")} />,
    gist: (_, t) => t("Picture"),
  },
  video: {
    messageOf: (content) => ({
      originalContentUrl: textOf(content, "videoUrl"),
      previewImageUrl: textOf(content, "previewImageUrl"),
    }),
    show: (message, { onWatch }) => <Video message={message} onWatch={onWatch} />,
    gist: (_, t) => t("Video"),
  },
  flex: {
    messageOf: (content) => ({ altText: textOf(content, "altText"), contents: field(content, "contents") }),
    show: (message, { onTap }) => <Flex node={field(message, "contents")} onTap={onTap} />,
    gist: (content) => textOf(content, "altText"),
  },
  template: {
    messageOf: (content) => ({ altText: textOf(content, "altText"), template: field(content, "template") }),
    show: (message, { onTap }) => <Template template={field(message, "template")} onTap={onTap} />,
    gist: (content) => textOf(content, "altText"),
  },
};

const isOurs = (type: string): type is MessageType => Object.hasOwn(KINDS, type);

function partOf(message: Json, acts: Acts) {
  const type = textOf(message, "type");
  return isOurs(type) ? KINDS[type].show(message, acts) : <OfPatient message={message} type={type} />;
}

function OfPatient({ message, type }: { message: Json; type: string }) {
  const { t } = useWords();
  const label = SENT_KINDS[type];
  const details = ["title", "address", "fileName", "altText"].map((name) => textOf(message, name));
  return [label && t(label), ...details].filter(Boolean).join("\n") || "…";
}

/** What a step's content looks like as LINE's message object. */
export const messageOf = (type: MessageType, content: Json): Json => ({
  type,
  ...KINDS[type].messageOf(content),
});

type Asked = { question: string; buttons: { label: string; picks: boolean }[] };

/** What a question looks like as LINE's message object; `picks` where a button opens a picker. */
export const questionOf = ({ question, buttons }: Asked): Json => ({
  type: "template",
  template: {
    text: question,
    actions: buttons.map(({ label, picks }) => ({ type: picks ? "datetimepicker" : "postback", label })),
  },
});

/** A message in one line. */
export const gist = (type: MessageType, content: Json, t: Translate): string => KINDS[type].gist(content, t);

function Picture({ url }: { url: string }) {
  const { t } = useWords();
  const [broken, setBroken] = useState<string | null>(null);
  if (url === "" || broken === url) return t("Picture that cannot be shown");
  // The address is the clinic's own; it is loaded only over HTTPS (the page's policy).
  return <img className="picture" src={url} alt={t("Picture")} onError={() => setBroken(url)} />;
}

function Video({ message, onWatch }: { message: Json; onWatch?: Watch }) {
  const { t } = useWords();
  const trackingId = textOf(message, "trackingId");
  return (
    <Stack gap={6}>
      <Picture url={textOf(message, "previewImageUrl")} />
      <Group gap={4} wrap="nowrap">
        <IconPlayerPlay size={14} aria-hidden />
        <Text size="sm">{t("Video")}</Text>
      </Group>
      {onWatch && trackingId && (
        <Button {...TAPPED} onClick={() => onWatch(trackingId)}>
          {t("Watch it to the end")}
        </Button>
      )}
    </Stack>
  );
}

function Template({ template, onTap }: { template: Json; onTap?: Tap }) {
  const columns = listOf(template, "columns");
  const picture = textOf(template, "thumbnailImageUrl");
  return (
    <Stack gap={6}>
      {picture && <Picture url={picture} />}
      {textOf(template, "title") && <b>{textOf(template, "title")}</b>}
      {textOf(template, "text")}
      {listOf(template, "actions").map((action, n) => (
        <Action key={`${n} ${textOf(action, "label")}`} action={action} onTap={onTap} />
      ))}
      {columns.map((column, n) => (
        <Template key={`${n} ${textOf(column, "text")}`} template={column} onTap={onTap} />
      ))}
    </Stack>
  );
}

/** A button of a message; it can be pressed where `onTap` is given. */
export function Action({ action, onTap }: { action: Json; onTap?: Tap }) {
  const label = textOf(action, "label");
  if (textOf(action, "type") === "uri") return <Text size="sm">{label} ↗</Text>;
  if (textOf(action, "type") === "datetimepicker") return <Picking action={action} onTap={onTap} />;
  const data = textOf(action, "data");
  return (
    <Button
      {...TAPPED}
      disabled={!onTap || !data}
      onClick={() => onTap?.(data, textOf(action, "displayText") || undefined)}
    >
      {label}
    </Button>
  );
}

/** How a button of a message looks. */
export const TAPPED = {
  size: "xs",
  variant: "light",
  color: "blue.9",
  styles: { root: { background: "#eef3fb", color: "#1c3d6e" } },
};

/** A button that lets the patient choose a day, a time or both. */
function Picking({ action, onTap }: { action: Json; onTap?: Tap }) {
  const [label, mode, data] = [textOf(action, "label"), textOf(action, "mode"), textOf(action, "data")];
  const [value, setValue] = useState(textOf(action, "initial"));
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        {...TAPPED}
        leftSection={<IconCalendarEvent size={14} aria-hidden />}
        disabled={!onTap || !data}
        aria-expanded={onTap ? isOpen : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </Button>
      {isOpen && (
        <Awaited waiting={<Loading rows={1} />}>
          <PickerForm
            action={action}
            value={value}
            onChange={setValue}
            onPick={() => {
              setOpen(false);
              onTap?.(data, undefined, { [mode]: value });
            }}
          />
        </Awaited>
      )}
    </>
  );
}

/** The common parts of a flex message; what is not known shows its contents. */
function Flex({ node, onTap }: { node: Json; onTap?: Tap }) {
  const kind = textOf(node, "type");
  if (kind === "text") {
    return (
      <Text
        size={textOf(node, "size") === "lg" ? "md" : "sm"}
        fw={textOf(node, "weight") === "bold" ? 700 : 400}
        c="#111"
      >
        {textOf(node, "text")}
      </Text>
    );
  }
  if (kind === "button") return <Action action={field(node, "action")} onTap={onTap} />;
  if (kind === "image") return <Picture url={textOf(node, "url")} />;
  if (kind === "separator") return <hr style={{ width: "100%", border: 0, borderTop: "1px solid #ddd" }} />;
  const parts = ["header", "hero", "body", "footer"].map((name) => field(node, name)).filter(Boolean);
  const children = parts.length > 0 ? parts : listOf(node, "contents");
  const row = textOf(node, "layout") === "horizontal" || textOf(node, "layout") === "baseline";
  return (
    <Stack gap={4} style={row ? { flexDirection: "row", flexWrap: "wrap" } : undefined}>
      {children.map((child, n) => (
        <Flex key={`${n} ${textOf(child, "type")}`} node={child} onTap={onTap} />
      ))}
    </Stack>
  );
}
