import type { z } from 'zod';
import type { CallDirection, CallOutcome } from '../../contract/calls';
import type { NewCustomer } from '../../contract/customers';
import type { Solved } from '../../contract/hotline-records';
import type { Role } from '../../contract/session';

/** Everything the demo shows, and nothing else: invented companies, people and numbers. */
export interface DemoUser {
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
  readonly extension: string | null;
}

/** A past call, and what the agent wrote about it. Times count back from the first start. */
export interface DemoCall {
  readonly daysAgo: number;
  /** Local time in China, `HH:MM`. */
  readonly at: string;
  readonly direction: CallDirection;
  readonly number: string | null;
  readonly agent: string | null;
  readonly outcome: CallOutcome;
  readonly waitSec: number;
  readonly talkSec: number;
  /** Code of how it went, as the agent said. */
  readonly disposition?: string;
  readonly record?: { readonly problem: string; readonly solution: string; readonly solved: Solved };
}

export const DEMO_LINE = { number: '02066668888', areaCode: '20' } as const;

/** All with the password of HOTLINE_DEMO_PASSWORD. */
export const DEMO_USERS: readonly DemoUser[] = [
  { username: '1001', displayName: '林晓', role: 'agent', extension: '1001' },
  { username: '1002', displayName: '何静', role: 'agent', extension: '1002' },
  { username: '1003', displayName: '郑凯', role: 'agent', extension: '1003' },
  { username: 'zhuguan', displayName: '周敏', role: 'supervisor', extension: '1009' },
  { username: 'admin', displayName: '系统管理员', role: 'administrator', extension: null },
];

/** 13912345678 is the known caller; the switchboard 020-88880001 belongs to two customers. */
export const DEMO_CUSTOMERS: readonly z.input<typeof NewCustomer>[] = [
  {
    name: '云岭市政管网有限公司',
    enterpriseKind: '国有企业',
    legalRepresentative: '段志远',
    address: '云岭市滨河路 18 号',
    postcode: '650000',
    email: 'office@yunling.example',
    level: 'A',
    type: 'existing',
    status: '合作中',
    stage: '使用中',
    creditRating: '优',
    industry: '市政管网',
    size: '200–500 人',
    country: '中国',
    region: '西南',
    province: '云南',
    city: '云岭',
    source: '展会',
    profile: '负责云岭市供水、排水与燃气管网的建设与运行。',
    remarks: '合同含 7×24 服务，响应 2 小时。',
    numbers: [{ raw: '020-88880001', label: 'office' }],
    contacts: [
      {
        name: '吴海燕',
        sex: 'female',
        department: '信息中心',
        position: '信息中心主任',
        email: 'wuhy@yunling.example',
        decisionMaker: true,
        decisionRole: '技术负责人',
        numbers: [
          { raw: '13912345678', label: 'mobile' },
          { raw: '020-88880001转601', label: 'office' },
        ],
      },
      { name: '马建国', sex: 'male', department: '运行部', position: '值班长', numbers: [{ raw: '13900000012', label: 'mobile' }] },
    ],
  },
  {
    name: '云岭燃气有限公司',
    enterpriseKind: '国有企业',
    address: '云岭市滨河路 18 号 B 座',
    level: 'B',
    type: 'existing',
    status: '合作中',
    industry: '市政管网',
    province: '云南',
    city: '云岭',
    remarks: '与云岭市政管网同一总机。',
    numbers: [{ raw: '020-88880001', label: 'office' }],
    contacts: [{ name: '陆文斌', sex: 'male', position: '调度员', numbers: [{ raw: '13900000023', label: 'mobile' }] }],
  },
  {
    name: '海棠测绘院',
    enterpriseKind: '事业单位',
    legalRepresentative: '郭一鸣',
    address: '广州市天河区示例路 66 号',
    postcode: '510000',
    level: 'A',
    type: 'existing',
    status: '合作中',
    creditRating: '良',
    industry: '土地与测绘',
    province: '广东',
    city: '广州',
    source: '老客户介绍',
    numbers: [{ raw: '020-88880035', label: 'office' }],
    contacts: [
      { name: '苏婉', sex: 'female', department: '数据室', position: '工程师', numbers: [{ raw: '13900000034', label: 'mobile' }] },
      { name: '郭一鸣', sex: 'male', position: '院长', decisionMaker: true, numbers: [{ raw: '13900000035', label: 'mobile' }] },
    ],
  },
  {
    name: '青石通信工程有限公司',
    enterpriseKind: '民营企业',
    address: '深圳市南山区样例大厦 1203',
    level: 'B',
    type: 'existing',
    status: '合作中',
    industry: '电信',
    province: '广东',
    city: '深圳',
    numbers: [{ raw: '0755-88880046', label: 'office' }],
    contacts: [{ name: '唐骏', sex: 'male', position: '项目经理', numbers: [{ raw: '13900000046', label: 'mobile' }] }],
  },
  {
    name: '北辰规划设计研究中心',
    enterpriseKind: '民营企业',
    address: '北京市海淀区范例街 9 号',
    level: 'C',
    type: 'potential',
    status: '跟进中',
    stage: '方案交流',
    industry: '规划设计',
    province: '北京',
    city: '北京',
    source: '网站咨询',
    numbers: [{ raw: '010-88880057', label: 'office' }],
    contacts: [{ name: '白雪', sex: 'female', position: '采购主管', numbers: [{ raw: '13900000057', label: 'mobile' }] }],
  },
  {
    name: '江湾水务集团',
    enterpriseKind: '国有企业',
    address: '江湾市临江大道 2 号',
    level: 'A',
    type: 'target',
    status: '投标中',
    stage: '招标',
    industry: '市政管网',
    province: '江苏',
    city: '江湾',
    numbers: [{ raw: '025-88880068', label: 'office' }],
    contacts: [
      { name: '秦岳', sex: 'male', position: '总工程师', decisionMaker: true, numbers: [{ raw: '13900000068', label: 'mobile' }] },
    ],
  },
  {
    name: '松果软件（成都）有限公司',
    enterpriseKind: '民营企业',
    address: '成都市高新区演示路 77 号',
    level: 'B',
    type: 'partner',
    status: '合作中',
    industry: '软件代理',
    province: '四川',
    city: '成都',
    remarks: '西南区代理商。',
    numbers: [{ raw: '028-88880079', label: 'office' }],
    contacts: [{ name: '夏冰', sex: 'female', position: '渠道经理', numbers: [{ raw: '13900000079', label: 'mobile' }] }],
  },
  {
    name: '红叶社区服务中心',
    enterpriseKind: '社会组织',
    address: '广州市越秀区样板街 5 号',
    level: 'C',
    type: 'existing',
    status: '合作中',
    province: '广东',
    city: '广州',
    numbers: [{ raw: '020-88880080', label: 'office' }],
    contacts: [{ name: '丁香', sex: 'female', position: '办公室', numbers: [{ raw: '13900000080', label: 'mobile' }] }],
  },
];

export const DEMO_CALLS: readonly DemoCall[] = [
  {
    daysAgo: 1,
    at: '09:42',
    direction: 'inbound',
    number: '13912345678',
    agent: '1001',
    outcome: 'answered',
    waitSec: 11,
    talkSec: 384,
    disposition: 'technical_support',
    record: {
      problem: '泵站监测页面打开后曲线不刷新，已持续两天。',
      solution: '确认为浏览器缓存旧脚本，指导强制刷新后恢复；建议升级到 5.2.1，待客户安排窗口。',
      solved: 'to_verify',
    },
  },
  {
    daysAgo: 2,
    at: '15:08',
    direction: 'inbound',
    number: '13900000012',
    agent: '1002',
    outcome: 'answered',
    waitSec: 24,
    talkSec: 205,
    disposition: 'technical_support',
    record: { problem: '加密狗在新电脑上无法识别。', solution: '远程安装驱动 3.8 后识别正常。', solved: 'solved' },
  },
  { daysAgo: 2, at: '17:51', direction: 'inbound', number: '13900000034', agent: null, outcome: 'abandoned', waitSec: 47, talkSec: 0 },
  {
    daysAgo: 3,
    at: '10:20',
    direction: 'outbound',
    number: '13900000034',
    agent: '1001',
    outcome: 'answered',
    waitSec: 9,
    talkSec: 146,
    disposition: 'enquiry',
    record: { problem: '回电：坐标转换结果与旧版不一致。', solution: '客户使用了错误的七参数文件，已发送正确文件。', solved: 'solved' },
  },
  {
    daysAgo: 4,
    at: '11:33',
    direction: 'inbound',
    number: '075588880046',
    agent: '1003',
    outcome: 'answered',
    waitSec: 6,
    talkSec: 512,
    disposition: 'passed_on',
    record: { problem: '导出的光缆台账缺少最近一周的数据。', solution: '已转开发核查增量同步任务。', solved: 'unsolved' },
  },
  { daysAgo: 5, at: '14:02', direction: 'outbound', number: '13900000057', agent: '1002', outcome: 'no_answer', waitSec: 32, talkSec: 0 },
  {
    daysAgo: 6,
    at: '09:15',
    direction: 'inbound',
    number: null,
    agent: '1001',
    outcome: 'answered',
    waitSec: 14,
    talkSec: 58,
    disposition: 'wrong_number',
  },
  { daysAgo: 6, at: '16:40', direction: 'inbound', number: '13800138999', agent: '1003', outcome: 'answered', waitSec: 19, talkSec: 97 },
];
