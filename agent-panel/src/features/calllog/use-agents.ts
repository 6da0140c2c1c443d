import { onMounted, shallowRef } from 'vue';
import { AgentList } from '../../../../crm-core/contract';
import { useServices } from '../../app/services';

/** Everybody who may answer, for choosing one; empty until they are known. */
export function useAgents() {
  const agents = shallowRef<AgentList['items']>([]);
  const { api } = useServices();
  onMounted(async () => {
    agents.value = (await api.get('/agents', AgentList).catch(() => ({ items: [] }))).items;
  });
  return agents;
}
