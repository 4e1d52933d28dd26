import { Box, SegmentedControl, type SegmentedControlProps } from "@mantine/core";

/** One of a few; what does not fit beside the others stands below them. */
export function Choice<V extends string>({
  label,
  ...control
}: Pick<SegmentedControlProps<V>, "data" | "value" | "size"> & {
  label: string;
  onChange: (value: V) => void;
}) {
  return (
    <Box maw="100%">
      <SegmentedControl className="choice" aria-label={label} {...control} />
    </Box>
  );
}
