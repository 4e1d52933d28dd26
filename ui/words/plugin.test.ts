import { expect, it } from "vitest";
import { FRAME, placesOf } from "./plugin";

const main = {
  path: "main.tsx",
  code: `
    import { Shell } from "./app/Shell";
    const screens = [import("./features/plans/Plans"), import("./features/phone/Phone"), import("./Third"), import("./Fourth")];
    export const App = () => <Shell screens={screens} />;`,
};
const kit = {
  path: "components/kit.tsx",
  code: `
    import type { Unseen } from "./unseen";
    import { LABELS } from "../labels";
    export const Badge = ({ one }: { one: Unseen }) => t(LABELS[one]);
    export const Problem = () => t("Of most");`,
};

it("a sentence comes with what shows it, and with the frame where that or most screens do", () => {
  const places = placesOf(
    ["Of the frame", "Of nobody", "Of most", "Of a label", "Of another label", "It's quoted", "Mine alone", "Later"],
    [
      main,
      kit,
      { path: "app/Shell.tsx", code: `export const Shell = () => t("Of the frame")` },
      { path: "components/unseen.ts", code: `export type Unseen = "Of nobody"` },
      { path: "labels/index.ts", code: `export * from "./all"` },
      {
        path: "labels/all.ts",
        code: `export const LABELS = { a: "Of a label" }; export const OTHERS = { b: "Of another label" }`,
      },
      {
        path: "features/plans/Plans.tsx",
        code: `
          import { Badge, Problem } from "../../components/kit";
          const Editor = onDemand(() => import("./Editor"));
          export function Plans() { return <Badge of={Problem} title={t("It's quoted")}><Editor /></Badge>; }`,
      },
      {
        path: "features/plans/Editor.tsx",
        code: `
          import { Badge } from "../../components/kit";
          export const Editor = () => <Badge title={t("Later")} />;`,
      },
      {
        path: "features/phone/Phone.tsx",
        code: `import * as kit from "../../components/kit"; export const Phone = () => <kit.Problem />`,
      },
      {
        path: "Third.tsx",
        code: `
          import { OTHERS } from "./labels";
          export default () => t(OTHERS.b) + t("Mine alone")`,
      },
      { path: "Fourth.tsx", code: `export { Problem } from "./components/kit"` },
    ],
  );
  expect(Object.fromEntries(places)).toEqual({
    [FRAME]: ["Of the frame", "Of nobody", "Of most"],
    "features/plans/Plans.tsx": ["Of a label", "It's quoted"],
    // Its badge was read with the screen around it.
    "features/plans/Editor.tsx": ["Later"],
    // In doubt all of a file.
    "features/phone/Phone.tsx": ["Of a label"],
    "Third.tsx": ["Of another label", "Mine alone"],
  });
});
