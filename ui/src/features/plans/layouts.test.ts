import { expect, it } from "vitest";
import { fieldInLayout } from "./fields";
import { lineOf, wrongLineOf } from "./jsonLines";
import { dialled, layoutDraftOf, layoutOf, type Shape } from "./layouts";
import { reshaped } from "./reshaped";

const says = (label: string) => ({ type: "message", label, text: label });
const confirm = { type: "confirm", text: "Coming?", actions: [says("Yes"), says("No")] };
const buttons = {
  type: "buttons",
  thumbnailImageUrl: "https://example.com/a.png",
  title: "Visit",
  text: "Friday",
  actions: [
    { type: "uri", label: "Map", uri: "https://example.com" },
    { type: "uri", label: "Call", uri: "tel:021234567" },
    { type: "postback", label: "Cancel", data: "cancel", displayText: "Cancel" },
  ],
};
const { type: _, ...column } = buttons;
const carousel = { type: "carousel", columns: [column, { ...column, title: "Second" }] };

const open = (layout: unknown) => layoutDraftOf("Hi", layout, ["confirm", "buttons", "carousel"]);

it("each common layout opens in its form, and comes back as it was", () => {
  const shapes: [object, Shape][] = [
    [confirm, "confirm"],
    [buttons, "buttons"],
    [carousel, "carousel"],
  ];
  for (const [layout, shape] of shapes) {
    expect(open(layout).shape).toBe(shape);
    expect(layoutOf(open(layout))).toEqual(layout);
  }
  const card = layoutOf(reshaped(open(buttons), "card"));
  expect(layoutDraftOf("Hi", card, ["card"])).toMatchObject({ shape: "card", cards: open(buttons).cards });
});

it("what no form writes again opens as JSON, untouched", () => {
  const more = [
    { ...buttons, imageSize: "contain" },
    { ...confirm, actions: [{ ...says("Yes"), text: "Yes!", more: 1 }, says("No")] },
    { type: "image_carousel", columns: [] },
    { type: "confirm" },
    {},
    "{oops",
  ];
  for (const layout of more) {
    expect(open(layout).shape, JSON.stringify(layout)).toBe("json");
    if (typeof layout !== "string") expect(layoutOf(open(layout))).toEqual(layout);
  }
});

it("another form takes what it can of the cards, and Advanced shows the JSON of what was written", () => {
  const two = reshaped(open(buttons), "confirm");
  expect(two.cards[0]?.buttons).toHaveLength(2);
  expect(reshaped(open({ ...buttons, actions: [says("One")] }), "confirm").cards[0]?.buttons).toHaveLength(2);
  expect(JSON.parse(reshaped(open(confirm), "json").json)).toEqual(confirm);
});

it("what the core names in a layout is known by its field", () => {
  const at = (path: string) => fieldInLayout(open(carousel), path);
  expect(at("template.columns[1].actions[0].label")).toBe("cards.1.buttons.0.label");
  expect(at("template.columns[1].actions[0].uri")).toBe("cards.1.buttons.0.value");
  expect(at("template.columns[0].thumbnailImageUrl")).toBe("cards.0.picture");
  expect(at("template.columns[0].title")).toBe("cards.0.title");
  expect(at("template.columns[0].text")).toBe("cards.0.text");
  expect(at("template.columns[1].actions")).toBe("cards.1.buttons");
  const card = reshaped(open(buttons), "card");
  expect(fieldInLayout(card, "contents.footer.contents[1].action.uri")).toBe("cards.0.buttons.1.value");
  expect(fieldInLayout(card, "contents.hero.url")).toBe("cards.0.picture");
  expect(fieldInLayout(card, "contents.body.contents[0].text")).toBe("cards.0.title");
  expect(fieldInLayout(card, "contents.body.contents[1].text")).toBe("cards.0.text");
  expect(fieldInLayout(reshaped(card, "json"), "contents.body")).toBe("json");
});

it("a part of JSON is found on its line, and what is none from where it stops", () => {
  const json = JSON.stringify({ body: { contents: [{ type: "text" }, { type: "image" }] } }, null, 2);
  expect(json.split("\n")[lineOf(json, "body.contents[1].type") - 1]).toContain("image");
  expect(lineOf(json, "body.contents[1].url")).toBe(lineOf(json, "body.contents[1]"));
  expect(lineOf(json, "hero")).toBe(1);
  expect(wrongLineOf(json)).toBeNull();
  expect(wrongLineOf('{\n  "a": 1,\n  "b" 2\n}')).toBe(3);
  expect(wrongLineOf('{\n  "a": "x')).toBe(2);
  expect(wrongLineOf("[1, 2")).toBe(1);
  expect(wrongLineOf("{} x")).toBe(1);
});

it("a button that calls dials one number, however it is written, and never two", () => {
  for (const [written, number] of [
    ["02-123 4567", "021234567"],
    ["+66 (0)2 123 4567", "+6621234567"],
    ["０３－１２３４－５６７８", "0312345678"],
    ["๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678"],
    [" {{clinic.phone}} ", "{{clinic.phone}}"],
    ["02-123-4567, 081-234-5678", ""],
    ["02-123-4567 / 081-234-5678", ""],
    ["021234567 0812345678", ""],
    ["02-123-4567 ext. 5", ""],
    ["call us", ""],
  ]) {
    expect(dialled(written as string), written).toBe(number);
  }
});
