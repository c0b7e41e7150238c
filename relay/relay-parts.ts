import { AuditDirectory, AuditDirectoryError } from './audit/audit-directory.ts';
import type { AuditEntry, AuditSink } from './audit/audit-entries.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { AuditConfig, ClusterConfig } from './config/shape.ts';
import type { Logger } from './logger.ts';
import type { NodePipesConfig } from './media/node-link.ts';
import { PolicySource } from './policy/policy-source.ts';
import { PolicyError } from './policy/read-policy.ts';
import { placeOfNode, type Whereabouts } from './signalling/whereabouts.ts';
import { StartError } from './start-error.ts';

/** Each entry goes into all of them that are there, in the same order. */
export function toAll(sinks: readonly (AuditSink | null)[]): AuditSink {
  const there = sinks.filter((sink) => sink !== null);
  return {
    record: (entry: AuditEntry) => {
      for (const sink of there) sink.record(entry);
    },
  };
}

/** @throws StartError when the file cannot be used: a relay that somebody gave a policy holds to it, or does not run */
export function openPolicy(path: string | null, logger: Logger, trailIsStored: boolean): PolicySource {
  try {
    return new PolicySource(path, logger, { trailIsStored });
  } catch (error) {
    throw error instanceof PolicyError ? new StartError(`POLICY_FILE: ${error.message}`, { cause: error }) : error;
  }
}

/**
 * @param onFailing told when entries cannot be stored, and when they can again
 * @throws StartError when the directory cannot be used
 */
export async function openTrail(
  { root, chain }: AuditConfig,
  policy: PolicySource,
  logger: Logger,
  onFailing: (fails: boolean) => void,
): Promise<AuditDirectory> {
  try {
    const retentionDays = (): number | null => policy.audit.retentionDays;
    return await AuditDirectory.open({ root, chain, retentionDays, logger, onFailing });
  } catch (error) {
    if (error instanceof AuditDirectoryError) throw new StartError(`AUDIT_DIR: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Where links to other nodes end: on the address of this machine that the others are told. */
export function pipesOf({ pipeAddress, pipePorts }: ClusterConfig): NodePipesConfig {
  return { ip: pipeAddress, portRange: { min: pipePorts.first, max: pipePorts.last } };
}

/** What signalling needs to know of this node and the others. */
export function whereabouts({ nodeId, nodeUrl }: ClusterConfig, cluster: Cluster): Whereabouts {
  return {
    self: { id: nodeId, place: placeOfNode(nodeId, nodeUrl) },
    placeOf: (id) => {
      const peer = cluster.peer(id);
      return peer && !peer.info.draining ? placeOfNode(id, peer.info.url) : null;
    },
  };
}
