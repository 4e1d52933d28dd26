declare module "virtual:words/frame" {
  type Words = { default: Record<string, string> };
  const frame: Record<"th" | "ja" | "zh-TW", () => Promise<Words>>;
  export default frame;
}
