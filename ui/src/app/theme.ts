import { createTheme, type MantineColorsTuple } from "@mantine/core";
import { inWords } from "../i18n";

const teal: MantineColorsTuple = [
  "#e8f7f5",
  "#d3ece8",
  "#a5d8d1",
  "#74c4b9",
  "#4db3a5",
  "#35a898",
  "#0f766e",
  "#0c6760",
  "#085b54",
  "#034f48",
];

/** Named anew each time it is drawn: the language may have changed. */
const closeButton = {
  get "aria-label"() {
    return inWords("Close");
  },
};

const eye = {
  get "aria-label"() {
    return inWords("Show or hide what is written");
  },
};

export const theme = createTheme({
  primaryColor: "clinic",
  primaryShade: 6,
  colors: { clinic: teal },
  defaultRadius: "md",
  fontFamily:
    '"Noto Sans Thai Variable", system-ui, "Segoe UI", "Yu Gothic UI", "Hiragino Sans", "Noto Sans JP", "Noto Sans TC", "Noto Sans CJK JP", sans-serif',
  lineHeights: { xs: "1.5", sm: "1.55", md: "1.65", lg: "1.65", xl: "1.65" },
  headings: { fontWeight: "650" },
  components: {
    Badge: { defaultProps: { tt: "none", fw: 600 } },
    Card: { defaultProps: { withBorder: true, padding: "lg" } },
    // A dialog's heading is not the page's banner; a question that is only asked names no cross.
    Modal: {
      defaultProps: { attributes: { header: { role: "presentation" } }, closeButtonProps: closeButton },
    },
    Notification: {
      defaultProps: { closeButtonProps: closeButton },
      // Under a title Mantine's grey is too pale to be read.
      styles: { description: { color: "var(--mantine-color-text)" } },
    },
    PasswordInput: { defaultProps: { visibilityToggleButtonProps: eye } },
  },
});
