import { capabilitiesOf } from "../../kinds/kinds.ts";
import { bridgesMember } from "../../plan/far-end.ts";
import type { Container, Plan } from "../../plan/plan.ts";
import { pinnedImages } from "./image-pins.ts";

/** A container that a lab needs, with its image. */
export interface ContainerPlan extends Container {
  readonly name: string;
  /** The router or host that it is, or what the lab has besides. */
  readonly member: string;
  readonly image: string;
  /** Whether the image is one that `make images` builds. */
  readonly isOwn: boolean;
  /** A daemon will run in it. */
  readonly isRouter: boolean;
  /** Path in the container of what `docker logs` shows. */
  readonly log: string;
  readonly capabilities: readonly string[];
}

/** What shows nothing. */
const noLog = "/dev/null";

/** The containers of a plan. */
export function containersOf({
  nodes,
  hosts,
  segments,
}: Pick<Plan, "nodes" | "hosts" | "segments">): ContainerPlan[] {
  const routers = nodes.flatMap(({ name: member, netns: name, kind, container, router }) =>
    container
      ? complete(container, {
          name,
          member,
          kind,
          isRouter: true,
          log: router.log ?? noLog,
          capabilities: capabilitiesOf(kind),
        })
      : [],
  );
  const plain = { kind: "speaker", isRouter: false, log: noLog, capabilities: [] };
  const others = [
    ...hosts.map(({ name, netns, container }) => ({ member: name, netns, container })),
    // One namespace has the bridges of all shared links.
    ...segments.slice(0, 1).map((segment) => ({ member: bridgesMember, ...segment })),
  ];
  return [
    ...routers,
    ...others.flatMap(({ member, netns: name, container }) =>
      container ? complete(container, { name, member, ...plain }) : [],
    ),
  ];
}

/** The image of ours that a kind has. */
export function ownImage(kind: string): string {
  const found = pinnedImages().find(({ name }) => name === kind);
  if (!found) throw new RangeError(`no image is for ${kind}`);
  return found.image;
}

function complete(
  { image, ...limits }: Container,
  { kind, ...rest }: Omit<ContainerPlan, keyof Container | "isOwn"> & { kind: string },
): ContainerPlan {
  return { ...rest, ...limits, image: image ?? ownImage(kind), isOwn: image === null };
}
