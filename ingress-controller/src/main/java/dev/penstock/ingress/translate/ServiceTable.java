package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Upstream;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the Service port that a backend names, or says why there is none; notes what it was asked.
 */
final class ServiceTable {
  private final Map<ObjectKey, ServiceObject> services;
  private final KnownNames names;
  private final Map<Wanted, Found> found = new HashMap<>();
  private final Map<ObjectKey, Optional<ServiceObject>> asked = new HashMap<>();
  private final Map<ObjectKey, TcpPorts> ports;

  private int compared;

  /** What a backend asks for. */
  private record Wanted(ObjectKey service, int portNumber, String portName) {}

  /**
   * @param names of {@code services}
   * @param ports of those that were asked for, by this table or another one of these {@code
   *     services}
   */
  ServiceTable(
      Map<ObjectKey, ServiceObject> services, KnownNames names, Map<ObjectKey, TcpPorts> ports) {
    this.services = services;
    this.names = names;
    this.ports = ports;
  }

  /** A Service has room for tens of thousands of ports, and an Ingress may name each. */
  record TcpPorts(Set<Integer> numbers, Set<String> names) {
    private static TcpPorts of(ServiceObject service) {
      TcpPorts ports = new TcpPorts(new HashSet<>(), new HashSet<>());
      for (ServiceObject.Port port : service.ports()) {
        if (!isTcp(port)) continue;
        ports.numbers.add(port.port());
        ports.names.add(port.name());
      }
      return ports;
    }

    private boolean has(int number, String name) {
      return name.isEmpty() ? numbers.contains(number) : names.contains(name);
    }
  }

  /**
   * What a backend leads to.
   *
   * @param upstream empty when it leads nowhere
   * @param fault why, and what to do; empty when there is an upstream
   * @param subField the part of the backend that has to be changed
   */
  record Found(Optional<Upstream.Id> upstream, String fault, String subField) {
    private static Found fault(String subField, String fault) {
      return new Found(Optional.empty(), fault, subField);
    }
  }

  /** Every Service that was looked for, and what was found; empty = there is none. */
  Map<ObjectKey, Optional<ServiceObject>> asked() {
    return asked;
  }

  /** {@code backend} has no resource and a service. */
  Found find(String namespace, IngressObject.Backend backend) {
    ObjectKey service = new ObjectKey(namespace, backend.service());
    Wanted wanted = new Wanted(service, backend.portNumber(), backend.portName());
    Found known = found.get(wanted);
    if (known != null) return known;
    Found sought = seek(service, backend);
    found.put(wanted, sought);
    return sought;
  }

  private Found seek(ObjectKey key, IngressObject.Backend backend) {
    String port = backend.portName();
    if (backend.portNumber() != 0 && !port.isEmpty()) {
      return Found.fault(".service.port", "sets both name and number; leave the one that is meant");
    }
    if (port.isEmpty()) {
      if (backend.portNumber() == 0) {
        return Found.fault(".service.port", "is missing or 0; set name, or a number of 1 to 65535");
      }
      port = Integer.toString(backend.portNumber());
    } else if (port.isBlank() || port.chars().allMatch(Character::isDigit)) {
      return Found.fault(
          ".service.port.name",
          Quote.of(port) + " is no port name, which holds a letter; write number: for a number");
    }
    ServiceObject service = services.get(key);
    asked.put(key, Optional.ofNullable(service));
    if (service == null) {
      return Found.fault(".service.name", noService(key));
    }
    if (service.type().equals("ExternalName")) {
      return Found.fault(
          ".service.name",
          Quote.object(service.source())
              + " is of type ExternalName, which is not served: it would let an Ingress reach any"
              + " host; use a Service with endpoints");
    }
    return isServed(service, backend)
        ? new Found(Optional.of(new Upstream.Id(key.namespace(), key.name(), port)), "", "")
        : Found.fault(".service.port", noPort(service, backend));
  }

  private boolean isServed(ServiceObject service, IngressObject.Backend backend) {
    if (service.ports().isEmpty() && !service.directEndpoints().isEmpty()) return true;
    return ports
        .computeIfAbsent(service.key(), key -> TcpPorts.of(service))
        .has(backend.portNumber(), backend.portName());
  }

  static boolean isTcp(ServiceObject.Port port) {
    return port.protocol().isEmpty() || port.protocol().equals("TCP");
  }

  private String noService(ObjectKey key) {
    String hint = isCompared() ? names.near(key) : "";
    return "no Service "
        + Quote.of(key.name())
        + " was found in namespace "
        + Quote.of(key.namespace())
        + (hint.isEmpty() ? "; create it or name another" : hint);
  }

  /** Whether one more missing name may be compared with those that are there. */
  private boolean isCompared() {
    return compared++ < KnownNames.MISSING_COMPARED_MAX;
  }

  private String noPort(ServiceObject service, IngressObject.Backend backend) {
    boolean byName = !backend.portName().isEmpty();
    String asked = byName ? Quote.of(backend.portName()) : Integer.toString(backend.portNumber());
    String head = Quote.object(service.source()) + " has no TCP port " + asked;
    List<ServiceObject.Port> ports = service.ports();
    String listed =
        ports.isEmpty()
            ? "none"
            : ports.stream().map(ServiceTable::shown).limit(12).collect(Collectors.joining(", "));
    String hint = isCompared() ? portHint(ports, backend) : "";
    return Quote.sentence(head + hint) + " Its ports: " + listed;
  }

  private static String portHint(List<ServiceObject.Port> ports, IngressObject.Backend backend) {
    String name = backend.portName();
    boolean byName = !name.isEmpty();
    for (ServiceObject.Port port : ports) {
      if (byName ? port.name().equals(name) : port.port() == backend.portNumber()) {
        return "; that port is a "
            + Quote.plain(port.protocol())
            + " port, and an Ingress is served over TCP alone: name another one";
      }
    }
    if (byName) {
      return Suggestion.near(
          name, ports.stream().filter(ServiceTable::isTcp).map(ServiceObject.Port::name).toList());
    }
    String number = Integer.toString(backend.portNumber());
    for (ServiceObject.Port port : ports) {
      if (port.targetPort().equals(number)) {
        return "; that is the targetPort of its port "
            + port.port()
            + ": a backend names the Service's own port";
      }
    }
    return "";
  }

  private static String shown(ServiceObject.Port port) {
    String name = port.name().isEmpty() ? "" : " (" + Quote.plain(port.name()) + ")";
    return port.port() + name + (isTcp(port) ? "" : " " + Quote.plain(port.protocol()));
  }
}
