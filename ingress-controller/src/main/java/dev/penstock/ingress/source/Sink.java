package dev.penstock.ingress.source;

import dev.penstock.model.EndpointSet;
import dev.penstock.model.Publication;

/**
 * The data plane, as the change loop sees it. Called on the loop's thread. A publication or a set
 * of endpoints that throws has changed nothing: what was served before is served on.
 */
public interface Sink {
  /** Serves this and nothing else. */
  void publish(Publication publication);

  /** The fast road: new endpoints for one upstream of what was published last. */
  void endpoints(EndpointSet set);

  /** How far what is served follows the source, after each attempt; for metrics. */
  void status(SyncStatus status);
}
