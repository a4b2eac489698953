package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.PublishedAddress;
import java.util.List;

/**
 * What is written into the status of Ingresses.
 *
 * @param clearsAtEnd whether the leader takes its addresses away when it ends
 */
public record StatusSettings(Addresses addresses, boolean clearsAtEnd) {
  /** Where the addresses come from. */
  public sealed interface Addresses {
    /** The same for ever. */
    record Fixed(List<PublishedAddress> addresses) implements Addresses {
      public Fixed {
        addresses = List.copyOf(addresses);
      }
    }

    /** Those of a Service, as they change. */
    record OfService(ObjectKey service) implements Addresses {}

    /**
     * Those of the nodes on which ready pods of this gateway are, as they change.
     *
     * @param pod this one; those of its namespace with its labels are the gateway's
     * @param internal the nodes' internal addresses, though they have external ones
     */
    record OfNodes(ObjectKey pod, boolean internal) implements Addresses {}
  }
}
