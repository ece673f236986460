import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.Version;
import org.opensearch.analysis.common.CommonAnalysisModulePlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * One node of OpenSearch out of its libraries, for tests and for trying a cluster.
 *
 * <p>The project's own start-up class refuses root and wants its modules in folders. Arguments are
 * settings, NAME=VALUE; path.home must be among them. SIGTERM ends the node.
 */
public final class ClusterNode extends Node {
    private ClusterNode(Environment environment, Collection<PluginInfo> modules) {
        super(environment, modules, false);
    }

    private static PluginInfo module(Class<? extends Plugin> plugin) {
        return new PluginInfo(
                plugin.getSimpleName(), "", "NA", Version.CURRENT, "21", plugin.getName(), null,
                Collections.emptyList(), false);
    }

    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String argument : arguments) {
            int at = argument.indexOf('=');
            String name = argument.substring(0, at);
            String value = argument.substring(at + 1);
            if (name.equals("discovery.seed_hosts")
                    || name.equals("cluster.initial_cluster_manager_nodes")
                    || name.equals("path.repo")) {
                settings.putList(name, value.split(","));
            } else {
                settings.put(name, value);
            }
        }
        Environment environment =
                InternalSettingsPreparer.prepareEnvironment(
                        settings.build(), Map.of(), Path.of(settings.get("path.home")), () -> "node");
        CountDownLatch stopped = new CountDownLatch(1);
        ClusterNode node =
                new ClusterNode(
                        environment,
                        List.of(
                                module(Netty4ModulePlugin.class),
                                module(CommonAnalysisModulePlugin.class),
                                module(PainlessModulePlugin.class)));
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    try {
                                        node.close();
                                    } catch (java.io.IOException error) {
                                        throw new java.io.UncheckedIOException(error);
                                    } finally {
                                        stopped.countDown();
                                    }
                                }));
        node.start();
        stopped.await();
    }
}
