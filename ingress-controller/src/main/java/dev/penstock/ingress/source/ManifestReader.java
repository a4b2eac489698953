package dev.penstock.ingress.source;

import dev.penstock.ingress.annotation.WrittenAnnotations;
import dev.penstock.ingress.source.Fields.Faults;
import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.ingress.source.Node.Scalar;
import dev.penstock.ingress.source.Node.ScalarType;
import dev.penstock.ingress.source.Node.Sequence;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one manifest file to trimmed objects and complaints. Pure: the only thing it reads
 * besides its arguments are the files that a Secret names by {@code file://}, through {@link
 * Companions}.
 *
 * <p>Two sizes of failure. A file that is not readable as a whole (not UTF-8, not YAML, too large)
 * gives one diagnostic with {@code file:line:column} and {@link FileObjects#parsed()} false. An
 * object whose fields have the wrong type, whose name is missing or whose kind is not known is left
 * out with a diagnostic that names the field; its neighbours in the file are read.
 */
public final class ManifestReader {
  /**
   * Bytes of a file, and of a document with its aliases written out. Some eleven thousand Ingresses
   * fit; reading so many takes one to three seconds of a core.
   */
  public static final int FILE_BYTES_MAX = 8 << 20;

  /** Bytes of an object: what etcd stores, as the security policy's default limits say. */
  public static final int OBJECT_BYTES_MAX = 1_500_000;

  private static final Set<String> LIST_FIELDS = Set.of("apiVersion", "kind", "metadata", "items");

  private final String file;
  private final Companions companions;
  private final Set<ObjectKey> namedConfigMaps;
  private final List<IngressObject> ingresses = new ArrayList<>();
  private final List<IngressClassObject> classes = new ArrayList<>();
  private final List<ServiceObject> services = new ArrayList<>();
  private final List<EndpointSliceObject> slices = new ArrayList<>();
  private final List<SecretObject> secrets = new ArrayList<>();
  private final List<ConfigMapObject> configMaps = new ArrayList<>();
  private final Set<ObjectKey> unreadSecrets = new HashSet<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Map<String, Integer> notRead = new HashMap<>();

  private ManifestReader(String file, Companions companions, Set<ObjectKey> namedConfigMaps) {
    this.file = file;
    this.companions = companions;
    this.namedConfigMaps = namedConfigMaps;
  }

  /**
   * Reads one file. Never throws for what is in it.
   *
   * @param file its name relative to the configured directory, for {@link Source} and messages
   * @param bytes YAML or JSON, one or more documents
   * @param configMaps those that are read; any other is passed over
   */
  static FileObjects read(
      String file, byte[] bytes, Companions companions, Set<ObjectKey> configMaps) {
    if (bytes.length > FILE_BYTES_MAX) {
      return tooLarge(file, bytes.length);
    }
    ManifestReader reader = new ManifestReader(file, companions, configMaps);
    try {
      reader.documents(ManifestText.decode(bytes));
    } catch (Unreadable fault) {
      Source place = Source.ofFile(file, fault.line(), fault.column());
      return FileObjects.unreadable(Diagnostic.error(place, "", fault.what() + FileObjects.KEPT))
          .protecting(reader.ingresses);
    }
    return reader.objects();
  }

  /** The same without ConfigMaps. */
  static FileObjects read(String file, byte[] bytes, Companions companions) {
    return read(file, bytes, companions, Set.of());
  }

  private void documents(String written) throws Unreadable {
    // JSON may be indented with tabs, YAML may not; inside JSON's strings there are none.
    String text = file.endsWith(".json") ? written.replace('\t', ' ') : written;
    Composer composer = new Composer(text, FILE_BYTES_MAX);
    try {
      for (Node document = composer.document(); document != null; document = composer.document()) {
        document(document);
      }
    } catch (Unreadable fault) {
      Node salvaged = Salvage.of(text, composer.documentLine(), fault.line());
      if (salvaged != null) document(salvaged); // for what it protects; nothing else of it is used
      throw fault;
    }
  }

  /** The answer to a file that is too large to be read at all. */
  static FileObjects tooLarge(String file, long bytes) {
    return FileObjects.unreadable(
        Diagnostic.error(
            Source.ofFile(file, 0, 0),
            "",
            "the file has "
                + bytes
                + " bytes, at most "
                + FILE_BYTES_MAX
                + " are read: split it into several"
                + FileObjects.KEPT));
  }

  /**
   * Reads files as if they lay in one directory, without companions. For {@code check} and tests.
   *
   * @param files contents by name relative to the directory
   */
  public static Translation<ClusterView> readAll(Map<String, byte[]> files) {
    return readAll(files, Companions.NONE, Set.of());
  }

  /**
   * Reads files as if they lay in one directory.
   *
   * @param configMaps those that are read
   */
  public static Translation<ClusterView> readAll(
      Map<String, byte[]> files, Companions companions, Set<ObjectKey> configMaps) {
    Map<String, FileObjects> read = new TreeMap<>();
    files.forEach((file, bytes) ->
        read.put(file, read(file, bytes, companions, configMaps).withoutLastGood()));
    return new ViewAssembly().assemble(List.copyOf(new TreeMap<>(read).values()));
  }

  private FileObjects objects() {
    return new FileObjects(
        true,
        ingresses,
        classes,
        services,
        slices,
        secrets,
        configMaps,
        unreadSecrets,
        diagnostics,
        notRead);
  }

  private void document(Node document) {
    switch (document) {
      case Scalar scalar when scalar.type() == ScalarType.NULL -> {} // an empty document
      case Mapping mapping -> object(mapping, "", "");
      case Scalar other -> noObject(other);
      case Sequence other -> noObject(other);
    }
  }

  private void noObject(Node node) {
    diagnostics.add(
        Diagnostic.error(
            place(node),
            "",
            "this is "
                + node.describe()
                + ", not a Kubernetes object: a mapping with apiVersion, kind and metadata is"
                + " expected; it is set aside, the rest goes on"));
  }

  /**
   * @param listVersion the apiVersion of what the list that holds it is a list of; empty for an
   *     object that has to say it itself, as has one in a {@code List}
   * @param listKind its kind, as the version
   */
  private void object(Mapping mapping, String listVersion, String listKind) {
    Faults faults = new Faults(false);
    Fields root = Fields.of(faults, place(mapping), mapping);
    String apiVersion = root.text("apiVersion");
    String kind = root.text("kind");
    if (!mapping.entries().containsKey("kind")) kind = listKind;
    if (!mapping.entries().containsKey("apiVersion")) apiVersion = listVersion;
    if (faults.isEmpty() && kind.isEmpty()) missing(root, "kind");
    if (faults.isEmpty() && apiVersion.isEmpty()) missing(root, "apiVersion");
    if (!faults.isEmpty()) {
      diagnostics.addAll(faults.diagnostics());
      closeWhatIsProtected(mapping, apiVersion, kind);
      closeItemsOfWhatMayBeAList(mapping, kind);
    } else if (Kinds.isList(apiVersion, kind)) {
      list(mapping, apiVersion, Kinds.kindOfItems(kind));
    } else {
      kindOf(mapping, apiVersion, kind);
    }
  }

  private static void missing(Fields root, String field) {
    root.fault(field, "is missing: every Kubernetes object has apiVersion, kind and metadata.name");
  }

  private void list(Mapping list, String apiVersion, String kindOfItems) {
    Node items = list.entries().get("items");
    String version = kindOfItems.isEmpty() ? "" : apiVersion;
    boolean isMissing = items == null || Fields.isNull(items);
    unknownFieldsOf(list, isMissing);
    if (items instanceof Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        Node item = sequence.items().get(i);
        if (item instanceof Mapping mapping) object(mapping, version, kindOfItems);
        else noObject(item);
      }
      closeEach(itemsElsewhere(list), kindOfItems);
      return;
    }
    closeItems(list, kindOfItems);
    if (isMissing) return;
    Faults faults = new Faults(false);
    Fields.of(faults, place(list), list).list("items");
    diagnostics.addAll(faults.diagnostics());
  }

  private void closeItemsOfWhatMayBeAList(Mapping mapping, String kind) {
    String list = Kinds.meantList(kind);
    if (!list.isEmpty()) closeItems(mapping, Kinds.kindOfItems(list));
    else if (kind.isEmpty() && mapping.entries().containsKey("items")) closeItems(mapping, "");
  }

  /**
   * Of a list that cannot be read. Where {@code items} is missing, its items are those that stand
   * elsewhere.
   */
  private void closeItems(Mapping list, String kindOfItems) {
    Node items = list.entries().get("items");
    boolean isMissing = items == null || Fields.isNull(items);
    closeEach(isMissing ? itemsElsewhere(list) : items, kindOfItems);
  }

  /**
   * The one list of mappings under a name that no list has, or that is called items in {@code
   * metadata}. Null when there is none, or several.
   */
  private static @Nullable Node itemsElsewhere(Mapping list) {
    List<Node> meant = new ArrayList<>();
    list.entries()
        .forEach((name, value) -> {
          if (!LIST_FIELDS.contains(name) && holdsObjects(value)) meant.add(value);
        });
    if (list.entries().get("metadata") instanceof Mapping metadata) {
      metadata
          .entries()
          .forEach((name, value) -> {
            if (isLikeItems(name) && holdsObjects(value)) meant.add(value);
          });
    }
    return meant.size() == 1 ? meant.getFirst() : null;
  }

  private static boolean isLikeItems(String name) {
    return !Suggestion.nearest(name, Set.of("items")).isEmpty();
  }

  private void closeEach(@Nullable Node items, String kindOfItems) {
    switch (items) {
      case Sequence several -> several.items().forEach(item -> closeItem(item, kindOfItems));
      case Mapping one -> closeItem(one, kindOfItems);
      case null, default -> {} // none that could be told from anything else
    }
  }

  private static boolean holdsObjects(Node node) {
    return node instanceof Sequence sequence
        && !sequence.items().isEmpty()
        && sequence.items().stream().allMatch(Mapping.class::isInstance);
  }

  private void closeItem(Node item, String kindOfItems) {
    if (!(item instanceof Mapping mapping)) return;
    Fields fields = Fields.of(new Faults(true), place(item), mapping);
    String kind = fields.has("kind") ? fields.text("kind") : kindOfItems;
    closeWhatIsProtected(mapping, fields.text("apiVersion"), kind);
  }

  private void unknownFieldsOf(Mapping list, boolean isEmpty) {
    if (list.entries().get("metadata") instanceof Mapping metadata) {
      metadata
          .entries()
          .forEach((name, value) -> {
            if (!isLikeItems(name) || !holdsObjects(value)) return;
            Node key = metadata.keys().getOrDefault(name, value);
            String what =
                "holds what belongs to the items of the list, and is not read: write items"
                    + " at the level of kind";
            diagnostics.add(Diagnostic.error(place(key), "metadata." + Quote.plain(name), what));
          });
    }
    list.keys()
        .forEach((name, key) -> {
          if (LIST_FIELDS.contains(name)) return;
          Node value = list.entries().get(name);
          boolean holdsObjects = value != null && holdsObjects(value);
          String what =
              "is no field of a list"
                  + (isEmpty ? ", and 'items' is missing: nothing of the list is read" : "")
                  + Suggestion.near(name, LIST_FIELDS);
          Source place = place(key);
          diagnostics.add(
              isEmpty || holdsObjects
                  ? Diagnostic.error(place, Quote.plain(name), what)
                  : Diagnostic.warning(place, Quote.plain(name), what));
        });
  }

  private void kindOf(Mapping mapping, String apiVersion, String kind) {
    Faults faults = new Faults(kind.equals("Secret"));
    Source source = named(mapping, kind);
    boolean isConfigMap =
        Kinds.isConfigMap(apiVersion, kind)
            && namedConfigMaps.contains(new ObjectKey(source.namespace(), source.name()));
    if (!isConfigMap && Kinds.isOfOthers(apiVersion, kind)) {
      notRead.merge(kind, 1, Integer::sum);
      return;
    }
    Diagnostic objection = isConfigMap ? null : Kinds.objection(source, apiVersion, kind);
    if (objection != null) {
      diagnostics.add(objection);
      closeWhatIsProtected(mapping, apiVersion, kind);
      closeItemsOfWhatMayBeAList(mapping, kind);
      return;
    }
    boolean mayBeMore = false;
    if (mapping.bytes() > OBJECT_BYTES_MAX) {
      faults.add(
          source,
          "",
          "the object holds more than " + OBJECT_BYTES_MAX + " bytes, more than Kubernetes stores");
    } else {
      mayBeMore = KnownFields.check(mapping, kind, source, faults);
      read(Fields.of(faults, source, mapping), kind, faults);
    }
    diagnostics.addAll(faults.diagnostics());
    if (!faults.isEmpty() || mayBeMore) closeWhatIsProtected(mapping, apiVersion, kind);
  }

  private void read(Fields root, String kind, Faults faults) {
    boolean clusterScoped = kind.equals("IngressClass");
    ObjectKey key = Metadata.key(root, clusterScoped);
    WrittenAnnotations annotations = Metadata.annotations(root);
    switch (kind) {
      case "Ingress" -> keep(ingresses, IngressShape.ingress(root, key, annotations), faults);
      case "IngressClass" ->
          keep(classes, IngressShape.ingressClass(root, key, annotations), faults);
      case "Service" ->
          keep(services, ServiceShape.service(root, key, annotations.values()), faults);
      case "EndpointSlice" -> keep(slices, ServiceShape.slice(root, key), faults);
      case "Secret" -> {
        SecretShape shape = new SecretShape(file, companions);
        keep(secrets, shape.secret(root, key), faults);
        if (shape.unread()) unreadSecrets.add(key);
      }
      case "ConfigMap" -> keep(configMaps, ConfigMapObject.of(root, key), faults);
      default -> throw new IllegalStateException("no reader for kind " + kind);
    }
  }

  /** Of an Ingress, or what is meant as one, that is not or not wholly read. */
  private void closeWhatIsProtected(Mapping mapping, String apiVersion, String kind) {
    if (!Kinds.isMeantAsIngress(apiVersion, kind)) return;
    Source source = named(mapping, "Ingress");
    BrokenIngress.protecting(mapping, source)
        .ifPresent(broken -> {
          boolean isReadSoFar = !ingresses.isEmpty() && ingresses.getLast().source().equals(source);
          if (isReadSoFar) ingresses.removeLast();
          ingresses.add(broken);
        });
  }

  private static <T> void keep(List<T> objects, T object, Faults faults) {
    if (faults.isEmpty()) objects.add(object);
  }

  private Source place(Node node) {
    return Source.ofFile(file, node.line(), node.column());
  }

  /** As much of kind, namespace and name as is text; what is wrong with them is said elsewhere. */
  private Source named(Mapping mapping, String kind) {
    String name = "";
    String namespace = "";
    if (mapping.entries().get("metadata") instanceof Mapping metadata) {
      name = printable(metadata.entries().get("name"));
      namespace = printable(metadata.entries().get("namespace"));
    }
    boolean clusterScoped = kind.equals("IngressClass");
    if (namespace.isEmpty() && !clusterScoped && !name.isEmpty()) namespace = "default";
    String shownKind = kind.matches("[A-Za-z0-9]{1,63}") ? kind : "";
    return new Source(
        shownKind, clusterScoped ? "" : namespace, name, file, mapping.line(), mapping.column());
  }

  private static String printable(@Nullable Node node) {
    if (!(node instanceof Scalar scalar) || scalar.type() != ScalarType.TEXT) return "";
    return Metadata.isName(scalar.text()) ? scalar.text() : "";
  }
}
