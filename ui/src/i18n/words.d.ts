declare module "virtual:words/whole" {
  type Words = { default: Record<string, string> };
  const whole: Record<"th" | "ja" | "zh-TW", () => Promise<Words>>;
  export default whole;
}

declare module "virtual:words/frame" {
  type Words = { default: Record<string, string> };
  const frame: Record<"th" | "ja" | "zh-TW", () => Promise<Words>>;
  export default frame;
}
