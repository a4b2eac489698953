package dev.penstock.app;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.translate.AddressBlock;
import dev.penstock.ingress.translate.Denied;
import dev.penstock.model.Endpoint;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What no object of a cluster may lead to: the gateway's own ports on the addresses of its pods,
 * and the API server as it is configured. One thread.
 */
final class DeniedEndpoints {
  /**
   * A name that a proxy alone can look up is given up, because each try may hold up a change for
   * seconds.
   */
  private static final int LOOKUPS_MAX = 3;

  private static final Logger LOG = LoggerFactory.getLogger(DeniedEndpoints.class);

  private final Set<Endpoint> known = new HashSet<>();
  private final Set<Integer> ports;
  private final Optional<ObjectKey> gateway;
  private final List<AddressBlock> blocks;

  /** By a name, mostly, of which the addresses are not known yet. */
  private final Set<Endpoint> apiServers = new HashSet<>();

  private int lookups;

  /**
   * @param environment {@code POD_IP} or {@code POD_IPS} (commas) by the downward API, and what
   *     Kubernetes tells every pod of the API server
   * @param apiServer its URL
   * @param ports that are listened on
   * @param gateway the Service of all pods of the gateway
   * @param blocks that the operator names
   */
  DeniedEndpoints(
      Map<String, String> environment,
      String apiServer,
      Set<Integer> ports,
      Optional<ObjectKey> gateway,
      List<AddressBlock> blocks) {
    this.ports = Set.copyOf(ports);
    this.gateway = gateway;
    this.blocks = blocks;
    String addresses = environment.getOrDefault("POD_IPS", environment.getOrDefault("POD_IP", ""));
    for (String address : addresses.split(",", -1)) {
      for (int port : ports) add(known, address, port);
    }
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
    if (port.matches("[0-9]{1,5}")) {
      String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
      add(apiServers, host, Integer.parseInt(port));
    }
    URI uri = URI.create(apiServer);
    if (uri.getHost() != null) {
      int implied = "http".equals(uri.getScheme()) ? 80 : 443;
      String host = uri.getHost().replace("[", "").replace("]", "");
      add(apiServers, host, uri.getPort() < 0 ? implied : uri.getPort());
    }
  }

  private static void add(Set<Endpoint> denied, String address, int port) {
    if (address.isBlank() || port < 1 || port > Flags.PORT_MAX) return;
    denied.add(new Endpoint(address.strip(), port));
  }

  /**
   * A name is looked up here until that works: at the first view it has just worked for the
   * connection to the API server.
   */
  Denied now() {
    lookUp();
    return new Denied(known, gateway, ports, blocks);
  }

  private void lookUp() {
    if (apiServers.isEmpty() || lookups >= LOOKUPS_MAX) return;
    lookups++;
    apiServers.removeIf(this::resolve);
    if (!apiServers.isEmpty() && lookups == LOOKUPS_MAX) {
      LOG.warn(
          "the API server's name cannot be looked up ({}), so that its addresses are known only"
              + " from the EndpointSlice kubernetes in default; mend the DNS and start again",
          apiServers.iterator().next());
    }
  }

  private boolean resolve(Endpoint apiServer) {
    try {
      for (InetAddress address : InetAddress.getAllByName(apiServer.address())) {
        add(known, address.getHostAddress(), apiServer.port());
      }
      return true;
    } catch (UnknownHostException notYet) {
      return false;
    }
  }
}
