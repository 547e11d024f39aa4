import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** The little member count of jobs.py in Kafka Streams: BOOTSTRAP SOURCE TARGET FOLDER. */
public final class MemberCount {
  private static final int EVERY = 50;
  private static final Set<String> WORDS =
      Set.of("member.introduced", "post.created", "post.replied", "question.asked", "question.answered");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final class Count implements FixedKeyProcessor<byte[], byte[], byte[]> {
    private FixedKeyProcessorContext<byte[], byte[]> context;
    private KeyValueStore<byte[], byte[]> members;

    @Override
    public void init(final FixedKeyProcessorContext<byte[], byte[]> given) {
      context = given;
      members = given.getStateStore("members");
    }

    @Override
    public void process(final FixedKeyRecord<byte[], byte[]> record) {
      try {
        final JsonNode event = JSON.readTree(record.value());
        final String type = event.get("type").textValue();
        if (type.equals("bench.mark")) {
          context.forward(record.withValue(JSON.writeValueAsBytes(
              JSON.createObjectNode().put("mark", new String(record.key(), "UTF-8")))));
          return;
        }
        final byte[] stored = members.get(record.key());
        final ByteBuffer state = stored == null ? ByteBuffer.allocate(16) : ByteBuffer.wrap(stored.clone());
        final int events = state.getInt(0) + 1;
        final int words = state.getInt(4) + (WORDS.contains(type) ? 1 : 0);
        final long longest = Math.max(state.getLong(8), event.get("time").textValue().length());
        state.putInt(0, events).putInt(4, words).putLong(8, longest);
        members.put(record.key(), state.array());
        if (events % EVERY == 0) {
          final ObjectNode command = JSON.createObjectNode();
          command.put("id", new String(record.key(), "UTF-8") + "/" + events);
          command.put("member", event.get("subject").textValue()).put("events", events).put("words", words);
          context.forward(record.withValue(JSON.writeValueAsBytes(command)));
        }
      } catch (final java.io.IOException error) {
        throw new IllegalStateException(error);
      }
    }
  }

  public static void main(final String[] args) {
    final Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "streams-" + args[1]);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, args[3]);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64L << 20);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 2000);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.CHECK_CRCS_CONFIG), "false");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 << 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
    final StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(
        Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("members"), Serdes.ByteArray(), Serdes.ByteArray())
            .withCachingEnabled());
    builder.stream(args[1], Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .processValues(Count::new, "members")
        .to(args[2], Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    final KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
  }
}
