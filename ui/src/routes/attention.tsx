import { Attention } from "../features/attention/Attention";

export const AttentionRoute = () => <Attention />;
