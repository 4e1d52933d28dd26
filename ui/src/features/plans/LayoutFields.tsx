// The forms of messages with buttons: two buttons, text with buttons, cards to swipe, and a card;
// JSON for who wants it, and for what no form shows.

import {
  ActionIcon,
  Button,
  Fieldset,
  Group,
  Input,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { LIMITS } from "../../bindings";
import type { Bound } from "../../components/clock";
import { useWords } from "../../i18n/useWords";
import { optionsOf } from "../../labels";
import { UploadField } from "../../shared/uploads";
import { TextWithVariables } from "../../shared/variables";
import { AdvancedChoice } from "./AdvancedChoice";
import { CountedLine } from "./Counted";
import { wrongLineOf } from "./jsonLines";
import { type CardDraft, type LayoutDraft, newCard, newPress, SHAPES, type Shape } from "./layouts";
import { PRESSES, reshaped } from "./reshaped";

type FormShape = Exclude<Shape, "json">;
type Part = { draft: LayoutDraft; input: (name: string) => Bound };

export function LayoutFields({ draft, input, shapes }: Part & { shapes: FormShape[] }) {
  const { t } = useWords();
  const reshape = (shape: string) => {
    const found = [...shapes, "json" as const].find((one) => one === shape);
    if (!found) return;
    const { cards, json } = reshaped(draft, found);
    input("shape").onChange(found);
    input("cards").onChange(cards);
    input("json").onChange(json);
  };
  return (
    <Stack gap="xs">
      <AdvancedChoice
        legend={t("Layout")}
        value={draft.shape}
        onChange={reshape}
        options={shapes.map((value) => ({ value, label: t(SHAPES[value].label) }))}
        advanced={{ value: "json", label: t("Advanced: JSON") }}
      />
      <CountedLine
        place="lockScreen"
        label={t("Text for the lock screen")}
        most={LIMITS.TemplateContent.altText.maxLength}
        by="units"
        input={input("altText")}
      />
      {draft.shape === "json" ? (
        <JsonField draft={draft} input={input} />
      ) : (
        <Cards draft={draft} input={input} shape={draft.shape} />
      )}
    </Stack>
  );
}

function JsonField({ draft: { json }, input }: Part) {
  const { t } = useWords();
  const wrong = json.trim() === "" ? null : wrongLineOf(json);
  const props = input("json");
  return (
    <TextWithVariables
      place="step"
      label={t("JSON")}
      description={t("What no form shows is kept here as it was written.")}
      autosize
      minRows={5}
      maxRows={24}
      ff="monospace"
      {...props}
      error={wrong === null ? props.error : t("Line {n}: from here on it is no JSON.", { n: wrong })}
    />
  );
}

function Cards({ draft, input, shape }: Part & { shape: FormShape }) {
  const { t } = useWords();
  const { cards } = draft;
  const most = SHAPES[shape].cards;
  const set = (next: CardDraft[]) => input("cards").onChange(next);
  const swap = (n: number, to: number) => {
    const [one, other] = [cards[n], cards[to]];
    if (one && other) set(cards.map((card, at) => (at === n ? other : at === to ? one : card)));
  };
  return (
    <>
      {cards.map((card, n) => {
        const of = { card, n, shape, input, set: (next: CardDraft[]) => set(next), cards };
        // Cards have no identity but their place.
        return most === 1 ? (
          <CardFields key={n} {...of} />
        ) : (
          <Fieldset key={n} legend={t("Card {n}", { n: n + 1 })} p="sm">
            <Group gap={4} justify="flex-end">
              <CardActs
                n={n}
                of={cards.length}
                swap={swap}
                remove={() => set(cards.filter((_, at) => at !== n))}
              />
            </Group>
            <CardFields {...of} />
          </Fieldset>
        );
      })}
      {most > 1 && (
        <>
          <Text size="xs" c="dimmed">
            {t(
              "Cards are alike: a title or a picture stands on each or on none, and each has as many buttons.",
            )}
          </Text>
          <Button
            size="xs"
            variant="default"
            w="fit-content"
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={cards.length >= most}
            onClick={() => set([...cards, newCard(cards[0]?.buttons.length)])}
          >
            {t("Add card")}
          </Button>
        </>
      )}
    </>
  );
}

type CardActsProps = { n: number; of: number; swap: (n: number, to: number) => void; remove: () => void };

function CardActs({ n, of, swap, remove }: CardActsProps) {
  const { t } = useWords();
  const props = { variant: "default", size: "lg" };
  return (
    <>
      <ActionIcon {...props} aria-label={t("Card up")} disabled={n === 0} onClick={() => swap(n, n - 1)}>
        <IconArrowUp size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon
        {...props}
        aria-label={t("Card down")}
        disabled={n === of - 1}
        onClick={() => swap(n, n + 1)}
      >
        <IconArrowDown size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon {...props} aria-label={t("Remove card")} disabled={of === 1} onClick={remove}>
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </>
  );
}

type OfCard = {
  card: CardDraft;
  n: number;
  shape: FormShape;
  input: Part["input"];
  cards: CardDraft[];
  set: (cards: CardDraft[]) => void;
};

function CardFields({ card, n, shape, input, cards, set }: OfCard) {
  const { t } = useWords();
  const limits = SHAPES[shape];
  const at = `cards.${n}`;
  return (
    <Stack gap="xs">
      {limits.title !== 0 && (
        <>
          <CountedLine
            place="step"
            label={t("Heading")}
            most={limits.title}
            by="clusters"
            input={input(`${at}.title`)}
          />
          <UploadField
            kind="picture"
            label={t("Address of the picture")}
            input={input(`${at}.picture`)}
            onUploaded={({ url }) => input(`${at}.picture`).onChange(url)}
          />
        </>
      )}
      <CountedLine
        place="step"
        label={t("Words")}
        most={card.title || card.picture ? limits.beside : limits.text}
        by="clusters"
        lines
        input={input(`${at}.text`)}
      />
      {card.buttons.map((_, b) => (
        // Buttons have no identity but their place.
        <PressFields key={b} n={n} b={b} shape={shape} input={input} cards={cards} set={set} />
      ))}
      <AddPress n={n} shape={shape} cards={cards} set={set} />
      {input(`${at}.buttons`).error && <Input.Error>{input(`${at}.buttons`).error}</Input.Error>}
    </Stack>
  );
}

/** Cards that are swiped have as many buttons each: what one gets or loses, all do. */
const withButtons = (cards: CardDraft[], change: (card: CardDraft) => CardDraft["buttons"]) =>
  cards.map((card) => ({ ...card, buttons: change(card) }));

function AddPress({ n, shape, cards, set }: Omit<OfCard, "card" | "input">) {
  const { t } = useWords();
  const [least, most] = SHAPES[shape].buttons;
  if (least === most) return null;
  return (
    <Button
      size="xs"
      variant="default"
      w="fit-content"
      disabled={(cards[n]?.buttons.length ?? 0) >= most}
      onClick={() => set(withButtons(cards, ({ buttons }) => [...buttons, newPress()]))}
    >
      {cards.length > 1 ? t("Add a button to each card") : t("Add a button to it")}
    </Button>
  );
}

function PressFields({ n, b, shape, input, cards, set }: Omit<OfCard, "card"> & { b: number }) {
  const { t } = useWords();
  const press = cards[n]?.buttons[b];
  if (!press) return null;
  const [least] = SHAPES[shape].buttons;
  const at = `cards.${n}.buttons.${b}`;
  const value = input(`${at}.value`);
  return (
    <Group align="flex-end" gap="xs" role="group" aria-label={t("Button {n}", { n: b + 1 })}>
      <CountedLine
        place="step"
        flex="1 1 150px"
        label={t("On the button")}
        most={SHAPES[shape].button}
        by="clusters"
        input={input(`${at}.label`)}
      />
      <NativeSelect label={t("A press")} {...input(`${at}.does`)} data={optionsOf(PRESSES, t)} />
      {press.does !== "tells" && (
        <TextInput
          flex="1 1 150px"
          label={
            press.does === "says" ? t("What is said") : press.does === "opens" ? t("Address") : t("Telephone")
          }
          placeholder={
            press.does === "says" ? press.label : press.does === "opens" ? "https://" : "02-123-4567"
          }
          {...value}
        />
      )}
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={t("Remove button")}
        disabled={cards[n]?.buttons.length === least}
        onClick={() => set(withButtons(cards, ({ buttons }) => buttons.filter((_, other) => other !== b)))}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
