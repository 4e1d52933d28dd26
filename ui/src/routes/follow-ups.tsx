import { FollowUps } from "../features/followups/FollowUps";

export const FollowUpsRoute = () => <FollowUps />;
