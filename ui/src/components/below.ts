import type { InputWrapperProps } from "@mantine/core";

/** For a field whose description says what was chosen: it stands beneath, and an error beneath that. */
export const DESCRIBED_BELOW = {
  inputWrapperOrder: ["label", "input", "description", "error"],
} satisfies InputWrapperProps;
