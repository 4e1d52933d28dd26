import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { Bubble, messageOf } from "./Bubble";

beforeAll(() => i18n.loadAndActivate({ locale: "en", messages: {} }));

const show = (element: React.ReactNode) =>
  render(
    <I18nProvider i18n={i18n}>
      <MantineProvider>{element}</MantineProvider>
    </I18nProvider>,
  );

describe("a bubble", () => {
  it("shows markup as the words it is", () => {
    show(<Bubble message={messageOf("text", { text: "<img src=x onerror=alert(1)>" })} />);
    expect(screen.getByText("<img src=x onerror=alert(1)>")).toBeInTheDocument();
  });

  it("sends the data of the button that is pressed", async () => {
    const tapped = vi.fn();
    const template = {
      text: "Taken?",
      actions: [{ type: "postback", label: "Yes", data: "cq1 x", displayText: "Yes" }],
    };
    show(<Bubble message={{ type: "template", template }} onTap={tapped} />);
    await userEvent.click(screen.getByRole("button", { name: "Yes" }));
    expect(tapped).toHaveBeenCalledWith("cq1 x", "Yes");
  });

  it("shows a flex message it knows only in part", () => {
    const contents = {
      type: "bubble",
      body: { type: "box", contents: [{ type: "new thing" }, { type: "text", text: "Hello" }] },
    };
    show(<Bubble message={messageOf("flex", { altText: "Hi", contents })} />);
    expect(screen.getByText("Hello")).toBeInTheDocument();
  });
});
