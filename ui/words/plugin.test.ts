import { expect, it } from "vitest";
import { FRAME, placesOf } from "./plugin";

it("a sentence comes with the one feature that writes it, else with the frame", () => {
  const places = placesOf(
    ["Mine alone", "Of two features", "Of a part", "Also of the frame", "Of nobody", "It's quoted"],
    [
      { path: "features/plans/Plan.tsx", code: `t("Mine alone"); t("Of two features"); t("Also of the frame")` },
      { path: "features/phone/Phone.tsx", code: `t("Of two features"); t("It's quoted")` },
      { path: "components/kit.tsx", code: `t("Of a part")` },
      { path: "app/Shell.tsx", code: `t("Also of the frame")` },
    ],
  );
  expect(places.get("plans")).toEqual(["Mine alone"]);
  expect(places.get("phone")).toEqual(["It's quoted"]);
  expect(places.get(FRAME)).toEqual(["Of two features", "Of a part", "Also of the frame", "Of nobody"]);
});
