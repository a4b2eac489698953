package dev.penstock.ingress.translate;

import static dev.penstock.ingress.translate.IngressTranslator.ENDPOINTS_MAX;
import static dev.penstock.ingress.translate.IngressTranslator.ENDPOINTS_OF_NAMESPACE_MAX;

import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * From EndpointSlices to the endpoints of an upstream. All slices of a Service count, of both
 * address families; a slice's port belongs to the Service port of the same name. Ready endpoints
 * are used; when there is none, those that still serve while they terminate (as kube-proxy does).
 * Every address of an endpoint is used (as ingress-nginx does).
 *
 * <p>One instance serves one translation; it only indexes what it is given.
 */
final class EndpointTranslator {
  private static final int PORT_MAX = 65_535;

  /** Names of ports that are gathered for a message, which lists fewer. */
  private static final int OTHER_PORTS_MAX = 100;

  private final Map<ObjectKey, ServiceObject> services;
  private final Map<ObjectKey, List<EndpointSliceObject>> byService;
  private final ServiceAddresses ofServices;
  private final List<AddressBlock> blocks;

  /**
   * Of each Service and slice that was asked for: there is room for tens of thousands of ports in
   * one, and an upstream for each.
   */
  private final Map<ObjectKey, Map<String, String>> portNames = new HashMap<>();

  private final Map<ObjectKey, Map<String, List<Integer>>> slicePorts = new HashMap<>();

  private final Set<Endpoint> denied = new HashSet<>();

  /**
   * @param byService the slices of each Service, sorted by name
   * @param ofServices of all {@code services}
   */
  EndpointTranslator(
      Map<ObjectKey, ServiceObject> services,
      Map<ObjectKey, List<EndpointSliceObject>> byService,
      ServiceAddresses ofServices,
      Denied asked) {
    this.services = services;
    this.byService = byService;
    this.ofServices = ofServices;
    this.blocks = asked.blocks();
    asked.endpoints().forEach(endpoint -> denied.add(AddressRules.canonical(endpoint)));
    ObjectKey ofApiServers = EndpointSliceObject.OF_API_SERVERS;
    byService.getOrDefault(ofApiServers, List.of()).stream()
        .filter(slice -> slice.key().equals(ofApiServers))
        .forEach(slice ->
            deny(slice, slice.ports().stream().map(EndpointSliceObject.Port::port).toList()));
    asked.gateway().stream()
        .flatMap(service -> byService.getOrDefault(service, List.of()).stream())
        .forEach(slice -> deny(slice, asked.gatewayPorts()));
  }

  /** All endpoints that no object may lead to. */
  Set<Endpoint> denied() {
    return denied;
  }

  private void deny(EndpointSliceObject slice, Collection<Integer> ports) {
    if (!slice.source().file().isEmpty()) return;
    for (int port : ports) {
      if (port < 1 || port > PORT_MAX) continue;
      slice.members().stream()
          .flatMap(member -> member.addresses().stream())
          .filter(address -> !address.isBlank())
          .forEach(address -> denied.add(AddressRules.canonical(new Endpoint(address, port))));
    }
  }

  /**
   * The endpoints of one upstream.
   *
   * @param lookedAt how many addresses were, used or not
   * @param isCut whether there are more, for which there was no room
   */
  record Found(Translation<EndpointSet> set, int lookedAt, boolean isCut) {
    Found(EndpointSet set) {
      this(new Translation<>(set, List.of()), set.endpoints().size(), false);
    }

    /** Whether the same would be found with so much room. */
    boolean isRightFor(int room) {
      return isCut ? lookedAt == Math.min(room, ENDPOINTS_MAX) : lookedAt <= room;
    }
  }

  /**
   * The endpoints of one upstream; its Service exists, or the set is empty.
   *
   * @param room how many addresses may still be looked at in its namespace
   */
  Found translate(Upstream.Id id, int room) {
    ObjectKey key = new ObjectKey(id.namespace(), id.service());
    ServiceObject service = services.get(key);
    if (service == null) return new Found(new EndpointSet(id, List.of()));
    return translate(id, service, byService.getOrDefault(key, List.of()), room);
  }

  private Found translate(
      Upstream.Id id, ServiceObject service, List<EndpointSliceObject> slices, int room) {
    if (!service.directEndpoints().isEmpty()) {
      return new Found(new EndpointSet(id, service.directEndpoints()));
    }
    Complaints diagnostics = new Complaints();
    diagnostics.addAll(ServiceAnnotations.judge(service));
    Members members =
        new Members(portName(service, id.port()), Math.min(room, ENDPOINTS_MAX), diagnostics);
    for (EndpointSliceObject slice : slices) members.add(slice);
    List<Endpoint> endpoints = members.chosen();
    String port = "port " + Quote.plain(id.port()) + " ";
    if (members.withoutRoom > 0) {
      diagnostics.add(
          Diagnostic.error(service.source(), "spec.ports", port + members.whyCut(endpoints.size()))
              .because(Reason.NO_ROOM));
    } else if (endpoints.isEmpty()) {
      diagnostics.add(
          Diagnostic.warning(service.source(), "spec.ports", port + members.whyEmpty(slices))
              .because(Reason.NO_ENDPOINTS));
    }
    Translation<EndpointSet> set =
        new Translation<>(new EndpointSet(id, endpoints), diagnostics.all());
    return new Found(set, members.lookedAt, members.withoutRoom > 0);
  }

  /** The name that slices use for the port that the upstream names. */
  private String portName(ServiceObject service, String port) {
    return portNames
        .computeIfAbsent(service.key(), key -> portNames(service))
        .getOrDefault(port, port);
  }

  /**
   * By number and by name; the first that has it counts. A Service's port may be named like the
   * number of another, an Ingress asks for no such name (it needs a letter): digits are a number.
   */
  private static Map<String, String> portNames(ServiceObject service) {
    Map<String, String> names = new HashMap<>();
    List<ServiceObject.Port> ports = service.ports().stream().filter(ServiceTable::isTcp).toList();
    for (ServiceObject.Port port : ports) {
      names.putIfAbsent(Integer.toString(port.port()), port.name());
    }
    for (ServiceObject.Port port : ports) names.putIfAbsent(port.name(), port.name());
    return names;
  }

  /** Why nobody may be led to a well-formed address; empty when all may. */
  private String refusal(String address, int port) {
    Endpoint endpoint = AddressRules.canonical(new Endpoint(address, port));
    if (denied.contains(endpoint)) {
      return "with port " + port + " is the API server or the gateway itself";
    }
    if (ofServices.has(endpoint.address())) {
      return "is the address of a Service, not of a pod";
    }
    if (blocks.isEmpty()) return "";
    InetAddress parsed = InetAddress.ofLiteral(address);
    return blocks.stream()
        .filter(block -> block.contains(parsed))
        .map(block -> "is in " + block + ", to which no object of the cluster may lead")
        .findFirst()
        .orElse("");
  }

  private static boolean isServed(EndpointSliceObject slice) {
    return slice.addressType().equals("IPv4") || slice.addressType().equals("IPv6");
  }

  /** The numbers of a slice's TCP ports by name. */
  private Map<String, List<Integer>> ports(EndpointSliceObject slice) {
    return slicePorts.computeIfAbsent(
        slice.key(),
        key ->
            slice.ports().stream()
                .filter(port -> port.protocol().isEmpty() || port.protocol().equals("TCP"))
                .collect(
                    Collectors.groupingBy(
                        EndpointSliceObject.Port::name,
                        LinkedHashMap::new,
                        Collectors.mapping(EndpointSliceObject.Port::port, Collectors.toList()))));
  }

  /** Collects the endpoints of one port over several slices. */
  private final class Members {
    private final String portName;
    private final int room;
    private final Complaints diagnostics;
    private final Set<Endpoint> ready = new LinkedHashSet<>();
    private final Set<Endpoint> terminating = new LinkedHashSet<>();
    private int notReady;
    private int lookedAt;
    private int withoutRoom;

    Members(String portName, int room, Complaints diagnostics) {
      this.portName = portName;
      this.room = room;
      this.diagnostics = diagnostics;
    }

    void add(EndpointSliceObject slice) {
      boolean isV4 = slice.addressType().equals("IPv4");
      if (!isServed(slice)) {
        diagnostics.add(
            Diagnostic.warning(
                slice.source(),
                "addressType",
                Quote.of(slice.addressType())
                    + " is not served, so this slice is left out: endpoints are IPv4 or IPv6"
                    + " addresses, no name is resolved"));
        return;
      }
      for (int port : ports(slice).getOrDefault(portName, List.of())) {
        if (port < 1 || port > PORT_MAX) {
          diagnostics.add(
              Diagnostic.warning(
                  slice.source(),
                  "ports",
                  port + " is no port (1 to 65535); endpoints of this slice are left out for it"));
        } else if (lookedAt == room) {
          withoutRoom += slice.members().size(); // there may be hundreds of slices
        } else {
          for (EndpointSliceObject.Member member : slice.members()) add(member, port, isV4);
        }
      }
    }

    private void add(EndpointSliceObject.Member member, int port, boolean isV4) {
      boolean isTerminating = !member.ready() && member.serving() && member.terminating();
      if (!member.ready() && !isTerminating) {
        notReady++;
        lookedAt = Math.min(room, lookedAt + member.addresses().size());
        return;
      }
      Set<Endpoint> target = member.ready() ? ready : terminating;
      for (String address : member.addresses()) {
        if (lookedAt == room) {
          withoutRoom++;
          continue;
        }
        lookedAt++;
        boolean isFromApi = member.source().file().isEmpty();
        String fault = AddressRules.fault(address, isV4, isFromApi);
        if (fault.isEmpty() && isFromApi) fault = refusal(address, port);
        if (fault.isEmpty()) {
          target.add(new Endpoint(address, port));
        } else {
          diagnostics.add(
              Diagnostic.error(
                  member.source(),
                  "endpoints[].addresses",
                  Quote.of(address) + " " + fault + "; it gets no request"));
        }
      }
    }

    List<Endpoint> chosen() {
      return List.copyOf(ready.isEmpty() ? terminating : ready);
    }

    String whyCut(int taken) {
      return "has more endpoints than are looked at: "
          + withoutRoom
          + " get no request, beside "
          + taken
          + " that do. Of one port of a Service "
          + ENDPOINTS_MAX
          + " are, and of all those that the Ingresses of a namespace lead to "
          + ENDPOINTS_OF_NAMESPACE_MAX;
    }

    private SortedSet<String> otherPorts(List<EndpointSliceObject> slices) {
      return slices.stream()
          .filter(EndpointTranslator::isServed)
          .flatMap(slice -> ports(slice).keySet().stream())
          .filter(name -> !name.equals(portName))
          .limit(OTHER_PORTS_MAX)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    String whyEmpty(List<EndpointSliceObject> slices) {
      String until = "; until then its routes answer 503";
      if (slices.isEmpty()) {
        return "has no EndpointSlice (label kubernetes.io/service-name)" + until;
      }
      if (notReady > 0) return "has no ready endpoint (" + notReady + " not ready)" + until;
      SortedSet<String> otherPorts = otherPorts(slices);
      if (otherPorts.isEmpty()) return "has no endpoint in its EndpointSlices" + until;
      return "has the name "
          + Quote.of(portName)
          + ", which no port of its EndpointSlices has (theirs: "
          + Suggestion.list(otherPorts)
          + ")"
          + until;
    }
  }
}
