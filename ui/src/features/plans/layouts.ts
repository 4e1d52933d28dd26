// Messages with buttons as forms hold them, and the way to and from LINE's JSON. What no form
// writes again to the letter opens as JSON, so that nothing is lost.

import { TEMPLATE_LIMITS } from "../../bindings";
import type { Label } from "../../i18n";

/** What a button does when it is pressed. */
export type PressKind = "says" | "opens" | "calls" | "tells";
type Press = { does: PressKind; label: string; value: string };
export type CardDraft = { title: string; text: string; picture: string; buttons: Press[] };

export type TemplateShape = "confirm" | "buttons" | "carousel";
export type Shape = TemplateShape | "card" | "json";
export const TEMPLATES: TemplateShape[] = ["confirm", "buttons", "carousel"];
export type LayoutDraft = { altText: string; shape: Shape; cards: CardDraft[]; json: string };

type Limits = {
  label: Label;
  title: number | null;
  text: number | null;
  beside: number | null;
  buttons: [number, number];
  button: number;
  cards: number;
};

type OfCard = {
  title: { maxLength: number };
  text: { maxLength: number; beside: number };
  actions: { minItems: number; maxItems: number; items: { label: { maxLength: number } } };
};

/** What a template's table says of one of its cards. */
const ofCard = ({ title, text, actions }: OfCard): Omit<Limits, "label" | "cards"> => ({
  title: title.maxLength,
  text: text.maxLength,
  beside: text.beside,
  buttons: [actions.minItems, actions.maxItems],
  button: actions.items.label.maxLength,
});

const { confirm, buttons, carousel } = TEMPLATE_LIMITS;

/**
 * What LINE takes of each, in characters as people count them, `null` where it names no limit;
 * `beside` is what LINE takes of the text where there is a title or a picture. A confirmation has neither. A
 * card is a layout, in which LINE counts no buttons: four are as many as are looked through.
 */
export const SHAPES: Record<Exclude<Shape, "json">, Limits> = {
  confirm: {
    ...ofCard({
      ...confirm,
      title: { maxLength: 0 },
      text: { ...confirm.text, beside: confirm.text.maxLength },
    }),
    label: "Two buttons",
    cards: 1,
  },
  buttons: { ...ofCard(buttons), label: "Text with buttons", cards: 1 },
  carousel: { ...ofCard(carousel.columns.items), label: "Cards to swipe", cards: carousel.columns.maxItems },
  card: { label: "Card", title: null, text: null, beside: null, buttons: [0, 4], button: 40, cards: 1 },
};

export const newPress = (): Press => ({ does: "says", label: "", value: "" });
export const newCard = (buttons = 1): CardDraft => ({
  title: "",
  text: "",
  picture: "",
  buttons: Array.from({ length: buttons }, newPress),
});

const member = (json: unknown, name: string): unknown =>
  typeof json === "object" && json !== null ? Reflect.get(json, name) : undefined;
const words = (json: unknown, name: string): string => {
  const found = member(json, name);
  return typeof found === "string" ? found : "";
};
const list = (json: unknown, name: string): unknown[] => {
  const found = member(json, name);
  return Array.isArray(found) ? found : [];
};

/**
 * A number as a telephone dials it, by the rule of the clinic's own (domain/menu.rs); empty where
 * what stands there is not one number alone, which the core then refuses: whoever presses it would
 * be connected to somebody else. A variable is filled in when the message is made.
 */
export function dialled(number: string): string {
  if (number.includes("{{")) return number.trim();
  const plain = number
    .normalize("NFKC")
    .replace(/[๐-๙]/g, (digit) => String("๐๑๒๓๔๕๖๗๘๙".indexOf(digit)))
    .replaceAll("(0)", "")
    .replace(/[\s().–-]/g, "");
  return /^\+?\d{3,15}$/.test(plain) ? plain : "";
}

function actionOf({ does, label, value }: Press): object {
  switch (does) {
    case "says":
      return { type: "message", label, text: value || label };
    case "opens":
      return { type: "uri", label, uri: value };
    case "calls":
      return { type: "uri", label, uri: `tel:${dialled(value)}` };
    case "tells":
      return { type: "postback", label, data: value || label, displayText: label };
  }
}

function pressOf(action: unknown): Press {
  const label = words(action, "label");
  const unlessLabel = (value: string) => (value === label ? "" : value);
  const uri = words(action, "uri");
  switch (words(action, "type")) {
    case "uri":
      return uri.startsWith("tel:")
        ? { does: "calls", label, value: uri.slice(4) }
        : { does: "opens", label, value: uri };
    case "postback":
      return { does: "tells", label, value: unlessLabel(words(action, "data")) };
    default:
      return { does: "says", label, value: unlessLabel(words(action, "text")) };
  }
}

/** A card as a template has it; what is empty is left out. */
const columnOf = ({ title, text, picture, buttons }: CardDraft) => ({
  ...(picture && { thumbnailImageUrl: picture }),
  ...(title && { title }),
  text,
  actions: buttons.map(actionOf),
});

const cardOf = (column: unknown): CardDraft => ({
  title: words(column, "title"),
  text: words(column, "text"),
  picture: words(column, "thumbnailImageUrl"),
  buttons: list(column, "actions").map(pressOf),
});

/** A card as a flex bubble: the picture above, heading and text, and the buttons below. */
function bubbleOf({ title, text, picture, buttons }: CardDraft): object {
  const box = (spacing: string, contents: object[]) => ({
    type: "box",
    layout: "vertical",
    spacing,
    contents,
  });
  return {
    type: "bubble",
    ...(picture && {
      hero: { type: "image", url: picture, size: "full", aspectRatio: "20:13", aspectMode: "cover" },
    }),
    body: box("md", [
      ...(title ? [{ type: "text", text: title, weight: "bold", size: "lg", wrap: true }] : []),
      ...(text ? [{ type: "text", text, wrap: true }] : []),
    ]),
    ...(buttons.length > 0 && {
      footer: box(
        "sm",
        buttons.map((press) => ({
          type: "button",
          style: "secondary",
          height: "sm",
          action: actionOf(press),
        })),
      ),
    }),
  };
}

function cardOfBubble(bubble: unknown): CardDraft {
  const texts = list(member(bubble, "body"), "contents");
  const title = texts.find((one) => words(one, "weight") === "bold");
  return {
    title: words(title, "text"),
    text: words(
      texts.find((one) => one !== title),
      "text",
    ),
    picture: words(member(bubble, "hero"), "url"),
    buttons: list(member(bubble, "footer"), "contents").map((button) => pressOf(member(button, "action"))),
  };
}

type Form = { of: (cards: CardDraft[]) => object; read: (layout: unknown) => CardDraft[] };

const one = (cards: CardDraft[]) => cards[0] ?? newCard();

const FORMS: Record<Exclude<Shape, "json">, Form> = {
  confirm: {
    of: (cards) => ({ type: "confirm", text: one(cards).text, actions: one(cards).buttons.map(actionOf) }),
    read: (layout) => [cardOf(layout)],
  },
  buttons: {
    of: (cards) => ({ type: "buttons", ...columnOf(one(cards)) }),
    read: (layout) => [cardOf(layout)],
  },
  carousel: {
    of: (cards) => ({ type: "carousel", columns: cards.map(columnOf) }),
    read: (layout) => list(layout, "columns").map(cardOf),
  },
  card: { of: (cards) => bubbleOf(one(cards)), read: (layout) => [cardOfBubble(layout)] },
};

/** The same, whatever the order of the members. */
const canonical = (json: unknown): string =>
  JSON.stringify(json, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

export const jsonOf = (layout: unknown) => (layout === undefined ? "" : JSON.stringify(layout, null, 2));

/** Opens a layout in the first of these forms that would write the same again, else as JSON. */
export function layoutDraftOf(
  altText: string,
  layout: unknown,
  shapes: Exclude<Shape, "json">[],
): LayoutDraft {
  const json = jsonOf(layout);
  for (const shape of shapes) {
    const cards = FORMS[shape].read(layout);
    const { buttons, cards: most } = SHAPES[shape];
    const fits =
      cards.length >= 1 && cards.length <= most && cards.every((card) => card.buttons.length <= buttons[1]);
    if (fits && canonical(FORMS[shape].of(cards)) === canonical(layout))
      return { altText, shape, cards, json };
  }
  return { altText, shape: "json", cards: [newCard()], json };
}

/** JSON that cannot be read is left as text, for the core to refuse. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** What is written, as LINE takes it. */
export const layoutOf = ({ shape, cards, json }: LayoutDraft): unknown =>
  shape === "json" ? parsed(json) : FORMS[shape].of(cards);
